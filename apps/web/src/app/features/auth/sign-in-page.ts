import { Component, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { safeReturnPath } from '../../core/session/return-path';
import { PASSWORD_RESET_REASON, Session } from '../../core/session/session';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { Field } from '../../ui/forms/field';
import { FormFooter } from '../../ui/forms/form-footer';
import { PasswordField } from '../../widgets/password-field';
import { AuthFrame } from './auth-frame';

@Component({
  selector: 'wc-sign-in-page',
  imports: [AuthFrame, ConnectedForm, Field, FormFooter, PasswordField, RouterLink],
  template: `
    <wc-auth-frame>
      <h1>{{ t().auth.signInTitle }}</h1>
      @if (ended() === PASSWORD_RESET) {
        <p class="notice good" role="status">{{ t().auth.resetDone }}</p>
      } @else if (ended()) {
        <p class="notice" role="status">{{ t().auth.ended }}</p>
      }
      <form [wcForm]="form">
        <wc-field
          name="email"
          autocomplete="username"
          [verbatim]="true"
          [label]="t().auth.emailOrUsername"
          [error]="form.errors().email"
          [(value)]="email"
        />
        <wc-password-field [label]="t().auth.password" [error]="form.errors().password" [(value)]="password" />
        <wc-form-footer look="primary" wide [form]="form" [text]="t().auth.signIn" />
      </form>
      <p class="other">{{ t().auth.forgot }}</p>
      <p class="other">
        {{ t().auth.newHere }} <a routerLink="/sign-up" [queryParams]="{ next: next() }">{{ t().auth.signUp }}</a>
      </p>
    </wc-auth-frame>
  `,
  styleUrl: './auth-form.scss',
})
export class SignInPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly t = inject(I18n).t;
  protected readonly PASSWORD_RESET = PASSWORD_RESET_REASON;

  /** Path to continue to after signing in, from the URL. */
  readonly next = input<string>();
  /** Why the last session ended, from the URL. */
  readonly ended = input<string>();

  protected readonly email = signal('');
  protected readonly password = signal('');
  protected readonly form = createForm<'email' | 'password'>({
    check: () => ({
      email: this.email().trim() ? undefined : (t) => t.auth.emailOrUsernameMissing,
      password: this.password() ? undefined : (t) => t.auth.passwordMissing,
    }),
    submit: async () => {
      await this.session.signInWithPassword({ email: this.email().trim(), password: this.password() });
      await this.router.navigateByUrl(safeReturnPath(this.next()));
    },
    fieldOf: { invalid_credentials: 'password', invalid_input: 'email' },
  });
}
