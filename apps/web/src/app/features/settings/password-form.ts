import { Component, inject, signal } from '@angular/core';
import type { ChangePasswordDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { checkNewPassword, newPasswordErrors } from '../../core/text/checks';
import { form } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Session } from '../../core/session/session';
import { Button } from '../../ui/forms/button';
import { Field } from '../../ui/forms/field';
import { Toasts } from '../../ui/feedback/toasts';

@Component({
  selector: 'wc-password-form',
  imports: [Button, Field],
  template: `
    <form novalidate (input)="form.mend($event)" (submit)="form.send($event)">
      <input
        class="visually-hidden"
        type="email"
        autocomplete="username"
        tabindex="-1"
        aria-hidden="true"
        readonly
        [value]="email()"
      />
      <wc-field
        type="password"
        name="current"
        autocomplete="current-password"
        [label]="t().settings.currentPassword"
        [showText]="t().common.showPassword"
        [hideText]="t().common.hidePassword"
        [error]="form.errors().current"
        [(value)]="current"
      />
      <wc-field
        type="password"
        name="fresh"
        autocomplete="new-password"
        [label]="t().settings.newPassword"
        [hint]="t().auth.passwordHint"
        [showText]="t().common.showPassword"
        [hideText]="t().common.hidePassword"
        [error]="form.errors().fresh"
        [(value)]="fresh"
      />
      @if (form.error()) {
        <p class="bad" role="alert">{{ form.error() }}</p>
      }
      <button wcButton type="submit" [busy]="form.busy()">{{ t().settings.changePassword }}</button>
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
  protected readonly form = form<'current' | 'fresh'>({
    check: async () => ({
      current: this.current() ? undefined : (t) => t.auth.passwordMissing,
      fresh: await checkNewPassword(this.fresh(), this.session.user()?.username ?? '', this.email()),
    }),
    submit: () => this.save({ currentPassword: this.current(), newPassword: this.fresh() }),
    fieldOf: { wrong_password: 'current', ...newPasswordErrors('fresh') },
  });

  /** Hidden in the form: by it a password manager knows whose password changes. */
  protected email(): string {
    return this.session.user()?.email ?? '';
  }

  private async save(passwords: ChangePasswordDto): Promise<void> {
    await this.api.post('/auth/password', passwords);
    this.current.set('');
    this.fresh.set('');
    this.toasts.show(this.t().settings.passwordChanged);
  }
}
