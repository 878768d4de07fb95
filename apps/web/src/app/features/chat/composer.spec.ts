import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { PROTOCOL_LIMITS } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { Composer } from './composer';

describe('Composer', () => {
  let fixture: ComponentFixture<Composer>;
  let sent: string[];
  let saved: string[];
  const part = <E extends HTMLElement>(selector: string): E =>
    (fixture.nativeElement as HTMLElement).querySelector<E>(selector)!;

  beforeEach(() => {
    localStorage.clear();
    TestBed.configureTestingModule({
      providers: [
        { provide: I18n, useValue: { t: () => en } },
        { provide: Session, useValue: { user: () => ({}) } },
      ],
    });
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('roomId', 'room');
    fixture.componentRef.setInput('placeholder', 'Write');
    [sent, saved] = [[], []];
    fixture.componentInstance.send.subscribe((text) => sent.push(text));
    fixture.componentInstance.save.subscribe((text) => saved.push(text));
  });

  /** @returns whether the button was ready for it */
  async function submit(text: string): Promise<boolean> {
    await fixture.whenStable();
    part<HTMLTextAreaElement>('textarea').value = text;
    part('textarea').dispatchEvent(new Event('input'));
    await fixture.whenStable();
    const ready = part('.send').getAttribute('aria-disabled') !== 'true';
    part('form').dispatchEvent(new Event('submit', { cancelable: true }));
    return ready;
  }

  const hidden = [' ', '\u200B', '\u3164', '\u2800', '\u2060', '\u202E', '\u00AD', '\u{1D159}', '\0', '\u0301'];

  it.each(hidden)('neither sends nor saves %j, which nobody can see', async (text) => {
    expect(await submit(text)).toBe(false);
    fixture.componentRef.setInput('editing', 'before');
    expect(await submit(text)).toBe(false);
    expect([...sent, ...saved]).toEqual([]);
  });

  it('sends what stands in the field, although no event said that it was filled', async () => {
    await fixture.whenStable();
    part<HTMLTextAreaElement>('textarea').value = 'dictated';
    part('form').dispatchEvent(new Event('submit', { cancelable: true }));
    expect(sent).toEqual(['dictated']);
  });

  it('says at once that a text is too long, and that it is not kept, and cuts nothing', async () => {
    const text = 'x'.repeat(100_000);
    expect(await submit(text)).toBe(false);
    expect(part('.left').textContent).toContain(en.chat.tooLong(100_000 - PROTOCOL_LIMITS.message.max));
    expect(part('.left').textContent).toContain(en.chat.notKept);
    expect(part<HTMLTextAreaElement>('textarea').value).toBe(text);
    expect(sent).toEqual([]);
  });

  it('sends and saves a text without what the server refuses', async () => {
    const text = ` a\0b\nc${'\u0301'.repeat(1200)} `;
    expect(await submit(text)).toBe(true);
    fixture.componentRef.setInput('editing', 'before');
    expect(await submit(text)).toBe(true);
    expect([sent, saved]).toEqual([[`ab\nc${'\u0301'.repeat(8)}`], [`ab\nc${'\u0301'.repeat(8)}`]]);
  });
});
