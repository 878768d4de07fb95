import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { en } from '../../i18n/en';
import { ApiError } from '../core/net/api-error';
import { PagedList } from '../core/net/paged-list';
import { flushPromises } from '../core/net/testing/fake-realtime';
import { I18n } from '../core/text/i18n';
import { Toasts } from '../ui/feedback/toasts';
import { ShowMore } from './show-more';

describe('ShowMore', () => {
  let fixture: ComponentFixture<ShowMore>;
  let pages: PagedList<string>;
  let failing: boolean;
  let toasts: string[];
  const button = (): HTMLButtonElement | null => (fixture.nativeElement as HTMLElement).querySelector('button');
  const press = async (): Promise<void> => {
    button()?.click();
    await flushPromises();
    fixture.detectChanges();
  };

  beforeEach(async () => {
    [failing, toasts] = [false, []];
    pages = new PagedList(
      async (cursor) => {
        await Promise.resolve();
        if (failing) throw new ApiError('offline', '');
        return cursor === null ? { items: ['a'], next: 'after a' } : { items: ['b'], next: null };
      },
      (item) => item,
    );
    TestBed.configureTestingModule({
      providers: [
        { provide: Toasts, useValue: { showToast: (text: string) => toasts.push(text) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    fixture = TestBed.createComponent(ShowMore);
    fixture.componentRef.setInput('pages', pages);
    fixture.detectChanges();
    expect(button()).toBeNull();
    await pages.reloadShownPages();
    fixture.detectChanges();
  });

  it('loads the next page, and disappears after the last one', async () => {
    expect(button()?.textContent).toContain('Show more');
    await press();
    expect([pages.items(), button()]).toEqual([['a', 'b'], null]);
  });

  it('reports why the next page failed, and stays', async () => {
    failing = true;
    await press();
    expect([toasts, pages.items()]).toEqual([[en.errors.offline], ['a']]);
    failing = false;
    await press();
    expect(pages.items()).toEqual(['a', 'b']);
  });
});
