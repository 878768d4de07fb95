import { TestBed } from '@angular/core/testing';
import { ApiError } from '../net/api-error';
import { form } from './form';
import { I18n } from './i18n';
import { Preferences } from '../browser/preferences';

describe('form', () => {
  let name: string;
  let submit: () => Promise<unknown>;
  let sent: number;

  function make() {
    return TestBed.runInInjectionContext(() =>
      form<'name'>({
        check: () => ({ name: name ? undefined : (t) => t.home.roomNameMissing }),
        submit: () => {
          sent++;
          return submit();
        },
        fieldOf: { username_taken: 'name' },
      }),
    );
  }

  beforeEach(async () => {
    localStorage.clear();
    name = 'Kitchen';
    sent = 0;
    submit = () => Promise.resolve();
    TestBed.inject(Preferences).setLanguage('en');
    await TestBed.inject(I18n).load();
  });

  it('sends when nothing is wrong', async () => {
    expect(await make().send()).toBe(true);
    expect(sent).toBe(1);
  });

  it('sends nothing while something is wrong, and says what, in the language of the moment', async () => {
    name = '';
    const room = make();
    expect(await room.send()).toBe(false);
    expect(sent).toBe(0);
    expect(room.errors().name).toBe('Give the room a name.');
    TestBed.inject(Preferences).setLanguage('ru');
    await TestBed.inject(I18n).load();
    expect(room.errors().name).toBe('Дайте комнате название.');
  });

  it('forgets the mistake of a field that is being mended', async () => {
    name = '';
    const room = make();
    await room.send();
    const input = Object.assign(document.createElement('input'), { name: 'name' });
    const typed = new Event('input');
    input.addEventListener('input', (event) => room.mend(event));
    input.dispatchEvent(typed);
    expect(room.errors().name).toBeUndefined();
  });

  it('puts an error of the server beside the field that it is about, others below', async () => {
    const room = make();
    submit = () => Promise.reject(new ApiError('username_taken', ''));
    expect(await room.send()).toBe(false);
    expect([room.errors().name, room.error()]).toEqual([
      'This username, or one that looks like it, is taken. Please choose another one.',
      '',
    ]);
    submit = () => Promise.reject(new ApiError('too_many_requests', ''));
    await room.send();
    expect(room.errors().name).toBeUndefined();
    expect(room.error()).toMatch(/wait a moment/);
  });

  it('sends once however often it is asked', async () => {
    let finish: () => void = () => undefined;
    submit = () => new Promise<void>((resolve) => (finish = resolve));
    const room = make();
    const first = room.send();
    expect(room.busy()).toBe(true);
    expect(await room.send()).toBe(false);
    finish();
    expect(await first).toBe(true);
    expect([sent, room.busy()]).toEqual([1, false]);
  });
});
