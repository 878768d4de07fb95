import { signal, type WritableSignal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { UserDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { ErrorTexts } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { Toasts } from '../../ui/feedback/toasts';
import { AccountForm } from './account-form';

describe('AccountForm', () => {
  let page: ComponentFixture<AccountForm>;
  let user: WritableSignal<UserDto>;
  let api: FakeApi;
  let save: () => void;

  const host = (): HTMLElement => page.nativeElement as HTMLElement;
  const field = (name: string) => host().querySelector<HTMLInputElement>(`input[name=${name}]`);
  const button = () => host().querySelector<HTMLButtonElement>('[type=submit]');

  function write(name: string, text: string): void {
    const input = field(name);
    if (!input) throw new Error(`no field ${name}`);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    page.detectChanges();
  }

  beforeEach(() => {
    user = signal<UserDto>({ id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' });
    api = new FakeApi();
    api.answerRequest(
      'PATCH /auth/me',
      ({ body }) => new Promise((resolve) => (save = () => resolve({ ...user(), ...body }))),
    );
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: Session, useValue: { user, updateSignedInUser: (changed: UserDto) => user.set(changed) } },
        { provide: Toasts, useValue: { showToast: () => undefined } },
        { provide: ErrorTexts, useValue: { translateError: () => 'refused' } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(AccountForm);
    // Only elements in the document can have the focus.
    document.body.append(host());
    page.detectChanges();
    write('username', 'hanna');
    write('password', 'secret');
  });

  afterEach(() => host().remove());

  async function saved(): Promise<void> {
    await flushPromises();
    save();
    await flushPromises();
    page.detectChanges();
    expect(field('password')).toBeNull();
    expect(button()?.getAttribute('aria-disabled')).toBe('true');
  }

  it.each([
    ['the password field', () => field('password')],
    ['the button', button],
  ])('keeps the focus when saved by %s', async (_, used) => {
    used()?.focus();
    button()?.click();
    await saved();
    expect(document.activeElement).toBe(field('username'));
    expect(field('username')?.value).toBe('hanna');
  });

  it('does not move a focus that has left the form meanwhile', async () => {
    const elsewhere = document.body.appendChild(document.createElement('input'));
    button()?.click();
    elsewhere.focus();
    await saved();
    expect(document.activeElement).toBe(elsewhere);
    elsewhere.remove();
  });

  it('sends what stands in the fields, although no event said that they were filled', async () => {
    const fillSilently = (name: string, text: string): void => {
      Object.assign(field(name) ?? {}, { value: text });
    };
    write('username', 'anna');
    button()?.click();
    await flushPromises();
    fillSilently('username', 'joanna');
    button()?.click();
    await flushPromises();
    page.detectChanges();
    expect(field('password')?.getAttribute('aria-invalid')).toBe('true');
    fillSilently('password', 'secret');
    button()?.click();
    await flushPromises();
    const body = { username: 'joanna', currentPassword: 'secret' };
    expect(api.requestsTo('PATCH /auth/me')).toEqual([{ body }]);
  });

  it('learns of a field that is filled by its `change` event alone', () => {
    write('username', 'anna');
    expect(field('password')).toBeNull();
    Object.assign(field('username') ?? {}, { value: 'joanna' });
    field('username')?.dispatchEvent(new Event('change', { bubbles: true }));
    page.detectChanges();
    expect(field('password')).not.toBeNull();
  });

  it('clears the password when the change is undone', () => {
    write('username', 'anna');
    expect(field('password')).toBeNull();
    write('username', 'hanna');
    expect(field('password')?.value).toBe('');
  });

  it('sends only changed fields, because an old name may no longer be allowed', async () => {
    user.set({ ...user(), username: '___' });
    page.detectChanges();
    write('email', 'hanna@example.org');
    write('password', 'secret');
    button()?.click();
    await flushPromises();
    const body = { email: 'hanna@example.org', currentPassword: 'secret' };
    expect(api.requestsTo('PATCH /auth/me')).toEqual([{ body }]);
  });
});
