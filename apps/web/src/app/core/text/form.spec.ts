import { TestBed } from '@angular/core/testing';
import { BrowserPreferences } from '../browser/browser-preferences';
import { ApiError } from '../net/api-error';
import { createForm } from './form';
import { I18n } from './i18n';

describe('form', () => {
  let name: string;
  let submit: () => Promise<unknown>;
  let sent: number;

  function make() {
    return TestBed.runInInjectionContext(() =>
      createForm<'name'>({
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
    TestBed.inject(BrowserPreferences).selectLanguage('en');
    await TestBed.inject(I18n).loadTexts();
  });

  it('sends when nothing is wrong', async () => {
    expect(await make().submitForm()).toBe(true);
    expect(sent).toBe(1);
  });

  it('sends nothing while a field is wrong, and shows the error in the current language', async () => {
    name = '';
    const room = make();
    expect(await room.submitForm()).toBe(false);
    expect(sent).toBe(0);
    expect(room.errors().name).toBe('Give the room a name.');
    TestBed.inject(BrowserPreferences).selectLanguage('ru');
    await TestBed.inject(I18n).loadTexts();
    expect(room.errors().name).toBe('Дайте комнате название.');
  });

  it('removes the error of a field that is being corrected', async () => {
    name = '';
    const room = make();
    await room.submitForm();
    const input = Object.assign(document.createElement('input'), { name: 'name' });
    const typed = new Event('input');
    input.addEventListener('input', (event) => room.clearFieldError(event));
    input.dispatchEvent(typed);
    expect(room.errors().name).toBeUndefined();
  });

  it('shows a server error at the field that it is about, other errors below', async () => {
    const room = make();
    submit = () => Promise.reject(new ApiError('username_taken', ''));
    expect(await room.submitForm()).toBe(false);
    expect([room.errors().name, room.error()]).toEqual([
      'This username, or one that looks like it, is taken. Please choose another one.',
      '',
    ]);
    submit = () => Promise.reject(new ApiError('too_many_requests', ''));
    await room.submitForm();
    expect(room.errors().name).toBeUndefined();
    expect(room.error()).toMatch(/wait a moment/);
  });

  it('sends once, however often it is submitted', async () => {
    let finish: () => void = () => undefined;
    submit = () => new Promise<void>((resolve) => (finish = resolve));
    const room = make();
    const first = room.submitForm();
    expect(room.busy()).toBe(true);
    expect(await room.submitForm()).toBe(false);
    finish();
    expect(await first).toBe(true);
    expect([sent, room.busy()]).toEqual([1, false]);
  });
});
