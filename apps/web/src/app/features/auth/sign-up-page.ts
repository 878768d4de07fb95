import { Component, inject, input, signal } from '@angular/core';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { safeReturnPath } from '../../core/session/return-path';
import { Session } from '../../core/session/session';
import {
  checkEmailAddress,
  checkNewPassword,
  checkUsername,
  newPasswordErrorFields,
} from '../../core/text/field-checks';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { Field } from '../../ui/forms/field';
import { FormFooter } from '../../ui/forms/form-footer';
import { PasswordField } from '../../widgets/password-field';
import { AuthFrame } from './auth-frame';

@Component({
  selector: 'wc-sign-up-page',
  imports: [AuthFrame, ConnectedForm, Field, FormFooter, PasswordField, RouterLink],
  template: `
    <wc-auth-frame>
      <h1>{{ t().auth.signUpTitle }}</h1>
      <form [wcForm]="form">
        <wc-field
          name="username"
          autocomplete="nickname"
          [verbatim]="true"
          [label]="t().auth.username"
          [hint]="t().auth.usernameHint"
          [maxLength]="32"
          [error]="form.errors().username"
          [(value)]="username"
        />
        <wc-field
          type="email"
          name="email"
          autocomplete="username"
          [label]="t().auth.email"
          [error]="form.errors().email"
          [(value)]="email"
        />
        <wc-password-field fresh [label]="t().auth.password" [error]="form.errors().password" [(value)]="password" />
        <wc-field
          name="code"
          autocomplete="off"
          [verbatim]="true"
          [label]="t().auth.registrationCode"
          [hint]="t().auth.registrationCodeHint"
          [error]="form.errors().code"
          [(value)]="code"
        />
        <wc-form-footer look="primary" wide [form]="form" [text]="t().auth.signUp" />
      </form>
      <p class="other">
        {{ t().auth.haveAccount }} <a routerLink="/sign-in" [queryParams]="{ next: next() }">{{ t().auth.signIn }}</a>
      </p>
    </wc-auth-frame>
  `,
  styleUrl: './auth-form.scss',
})
export class SignUpPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly t = inject(I18n).t;

  /** Path to continue to after signing up, from the URL. */
  readonly next = input<string>();

  protected readonly username = signal('');
  protected readonly email = signal('');
  protected readonly password = signal('');
  /** The sign-up link carries the code after `#`, so that no server logs it. */
  protected readonly code = signal(
    new URLSearchParams(inject(ActivatedRoute).snapshot.fragment ?? '').get('code') ?? '',
  );

  protected readonly form = createForm<'username' | 'email' | 'password' | 'code'>({
    check: async () => ({
      username: checkUsername(this.username().trim()),
      email: checkEmailAddress(this.email()),
      password: await checkNewPassword(this.password(), this.username(), this.email()),
      code: this.code().trim() ? undefined : (t) => t.auth.codeMissing,
    }),
    submit: async () => {
      await this.session.registerAndSignIn({
        username: this.username().trim(),
        email: this.email().trim(),
        password: this.password(),
        registrationCode: this.code().trim(),
      });
      await this.router.navigateByUrl(safeReturnPath(this.next()));
    },
    fieldOf: {
      name_reserved: 'username',
      username_taken: 'username',
      email_taken: 'email',
      ...newPasswordErrorFields('password'),
      registration_code_wrong: 'code',
    },
  });
}
