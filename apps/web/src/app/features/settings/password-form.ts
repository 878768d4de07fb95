import { Component, inject, signal } from '@angular/core';
import type { ChangePasswordDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { Session } from '../../core/session/session';
import { checkNewPassword, newPasswordErrorFields } from '../../core/text/field-checks';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Toasts } from '../../ui/feedback/toasts';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { FormFooter } from '../../ui/forms/form-footer';
import { PasswordField } from '../../widgets/password-field';

@Component({
  selector: 'wc-password-form',
  imports: [ConnectedForm, FormFooter, PasswordField],
  template: `
    <form [wcForm]="form">
      <input
        class="visually-hidden"
        type="email"
        autocomplete="username"
        tabindex="-1"
        aria-hidden="true"
        readonly
        [value]="accountEmail()"
      />
      <wc-password-field
        name="current"
        [label]="t().settings.currentPassword"
        [error]="form.errors().current"
        [(value)]="current"
      />
      <wc-password-field
        name="fresh"
        fresh
        [label]="t().settings.newPassword"
        [error]="form.errors().fresh"
        [(value)]="fresh"
      />
      <wc-form-footer [form]="form" [text]="t().settings.changePassword" />
    </form>
  `,
  styleUrl: './form.scss',
})
export class PasswordForm {
  private readonly api = inject(ApiClient);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  protected readonly t = inject(I18n).t;
  protected readonly current = signal('');
  protected readonly fresh = signal('');
  protected readonly form = createForm<'current' | 'fresh'>({
    check: async () => ({
      current: this.current() ? undefined : (t) => t.auth.passwordMissing,
      fresh: await checkNewPassword(this.fresh(), this.session.user()?.username ?? '', this.accountEmail()),
    }),
    submit: () => this.saveNewPassword({ currentPassword: this.current(), newPassword: this.fresh() }),
    fieldOf: { wrong_password: 'current', ...newPasswordErrorFields('fresh') },
  });

  /** Hidden in the form, so that a password manager knows which account changes. */
  protected accountEmail(): string {
    return this.session.user()?.email ?? '';
  }

  private async saveNewPassword(passwords: ChangePasswordDto): Promise<void> {
    await this.api.sendRequest('POST /auth/password', { body: passwords });
    this.current.set('');
    this.fresh.set('');
    this.toasts.showToast(this.t().settings.passwordChanged);
  }
}
