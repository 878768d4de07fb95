import { Component, computed, ElementRef, inject, linkedSignal, viewChild } from '@angular/core';
import type { ChangeProfileDto } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { Session } from '../../core/session/session';
import { checkEmailAddress, checkUsername } from '../../core/text/field-checks';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Toasts } from '../../ui/feedback/toasts';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { Field } from '../../ui/forms/field';
import { FormFooter } from '../../ui/forms/form-footer';
import { PasswordField } from '../../widgets/password-field';

@Component({
  selector: 'wc-account-form',
  imports: [ConnectedForm, Field, FormFooter, PasswordField],
  template: `
    <form [wcForm]="form">
      <wc-field
        name="username"
        autocomplete="nickname"
        [verbatim]="true"
        [label]="t().auth.username"
        [maxLength]="32"
        [error]="form.errors().username"
        [(value)]="username"
      />
      <wc-field
        type="email"
        name="email"
        autocomplete="email"
        [label]="t().auth.email"
        [error]="form.errors().email"
        [(value)]="email"
      />
      @if (changed()) {
        <wc-password-field
          [label]="t().settings.confirmPassword"
          [hint]="t().settings.confirmPasswordHint"
          [error]="form.errors().password"
          [(value)]="password"
        />
      }
      <wc-form-footer [form]="form" [inactive]="!changed()" [text]="t().common.save" />
    </form>
  `,
  styleUrl: './form.scss',
})
export class AccountForm {
  private readonly api = inject(ApiClient);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  protected readonly t = inject(I18n).t;
  protected readonly username = linkedSignal(() => this.session.user()?.username ?? '');
  protected readonly email = linkedSignal(() => this.session.user()?.email ?? '');
  /** Unchanged fields are not sent, because an old name may no longer be allowed. */
  private readonly changes = computed((): ChangeProfileDto => {
    const user = this.session.user();
    const [username, email] = [this.username().trim(), this.email().trim()];
    return { ...(username !== user?.username && { username }), ...(email !== user?.email && { email }) };
  });
  protected readonly changed = computed(() => Object.keys(this.changes()).length > 0);
  /** Only needed for a change, and cleared when the change is undone. */
  protected readonly password = linkedSignal({ source: this.changed, computation: () => '' });
  private readonly first = viewChild.required(Field);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly form = createForm<'username' | 'email' | 'password'>({
    check: () => (this.changed() ? this.findWrongFields() : {}),
    submit: async () => {
      if (this.changed()) await this.saveProfileChange({ ...this.changes(), currentPassword: this.password() });
    },
    fieldOf: {
      name_reserved: 'username',
      username_taken: 'username',
      email_taken: 'email',
      wrong_password: 'password',
    },
  });

  private findWrongFields() {
    const { username, email } = this.changes();
    return {
      username: username === undefined ? undefined : checkUsername(username),
      email: email === undefined ? undefined : checkEmailAddress(email),
      password: this.password() ? undefined : (t: Texts) => t.auth.passwordMissing,
    };
  }

  private async saveProfileChange(profile: ChangeProfileDto): Promise<void> {
    this.session.updateSignedInUser(await this.api.sendRequest('PATCH /auth/me', { body: profile }));
    // The password field is removed, and would lose the focus.
    if (this.host.nativeElement.contains(document.activeElement)) this.first().focusInput();
    this.toasts.showToast(this.t().settings.accountSaved);
  }
}
