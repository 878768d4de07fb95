import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { en } from '../../i18n/en';
import { ApiError } from '../core/net/api-error';
import { I18n } from '../core/text/i18n';
import { LoadView } from './load-view';

@Component({
  imports: [LoadView],
  template: `
    <wc-load-view errorTitle="Not loaded" [loader]="loader" [rows]="rows()" (retry)="retries = retries + 1">
      <ng-template>
        <p>{{ content().toUpperCase() }}</p>
      </ng-template>
      <a afterError href="/">Home</a>
    </wc-load-view>
  `,
})
class Host {
  readonly state = signal<'loading' | 'ready' | 'error'>('loading');
  readonly error = signal<unknown>(null);
  readonly loader = { state: this.state, error: this.error };
  readonly rows = signal(2);
  /** Like an answer that is not there while it is loading. */
  readonly content = signal<string>(undefined as unknown as string);
  retries = 0;
}

describe('LoadView', () => {
  let fixture: ComponentFixture<Host>;
  const page = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const texts = (): string[] =>
    [...page().querySelectorAll('p, h2, button, a, [role=status]')].map(({ textContent }) => textContent.trim());

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [{ provide: I18n, useValue: { t: () => en } }] });
    fixture = TestBed.createComponent(Host);
    fixture.detectChanges();
  });

  it('says that it is loading, and renders the content only when it is there', () => {
    expect(texts()).toEqual([en.common.loading]);
    expect(page().querySelectorAll('wc-skeleton .row')).toHaveLength(2);
    fixture.componentInstance.content.set('people');
    fixture.componentInstance.state.set('ready');
    fixture.detectChanges();
    expect(texts()).toEqual(['PEOPLE']);
  });

  it('shows nothing while loading where nothing may be expected', () => {
    fixture.componentInstance.rows.set(0);
    fixture.detectChanges();
    expect(texts()).toEqual([]);
  });

  it.each([
    ['offers to try again where that may help', 'offline', [en.common.retry]],
    ['offers only the way out where it cannot help', 'invitation_not_found', []],
  ] as const)('%s', (_, code, buttons) => {
    fixture.componentInstance.error.set(new ApiError(code, ''));
    fixture.componentInstance.state.set('error');
    fixture.detectChanges();
    expect(texts()).toEqual(['Not loaded', en.errors[code], ...buttons, 'Home']);
    page().querySelector('button')?.click();
    expect(fixture.componentInstance.retries).toBe(buttons.length);
  });
});
