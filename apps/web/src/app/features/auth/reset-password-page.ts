import { Component, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { Session } from '../../core/session/session';
import { checkNewPassword, newPasswordErrorFields } from '../../core/text/field-checks';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { ErrorState } from '../../ui/feedback/error-state';
import { Button } from '../../ui/forms/button';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { FormFooter } from '../../ui/forms/form-footer';
import { PasswordField } from '../../widgets/password-field';
import { AuthFrame } from './auth-frame';

/** The page of a password reset link: sets a new password for the user of the link. */
@Component({
  selector: 'wc-reset-password-page',
  imports: [AuthFrame, Button, ConnectedForm, ErrorState, FormFooter, PasswordField, RouterLink],
  template: `
    <wc-auth-frame>
      @if (token(); as given) {
        <h1>{{ t().auth.resetTitle }}</h1>
        <p class="text">{{ t().auth.resetText }}</p>
        <form [wcForm]="form">
          <wc-password-field
            fresh
            [label]="t().settings.newPassword"
            [error]="form.errors().password"
            [(value)]="password"
          />
          <wc-form-footer look="primary" wide [form]="form" [text]="t().auth.resetSend" />
        </form>
        <p class="other">
          <a routerLink="/sign-in">{{ t().auth.toSignIn }}</a>
        </p>
      } @else {
        <h1 class="visually-hidden">{{ t().auth.resetBadTitle }}</h1>
        <wc-error-state [title]="t().auth.resetBadTitle" [text]="t().auth.resetBadText">
          <a wcButton routerLink="/sign-in">{{ t().auth.toSignIn }}</a>
        </wc-error-state>
      }
    </wc-auth-frame>
  `,
  styleUrl: './auth-form.scss',
})
export class ResetPasswordPage {
  private readonly session = inject(Session);
  private readonly fragment = toSignal(inject(ActivatedRoute).fragment);
  protected readonly t = inject(I18n).t;

  /** The token comes after `#`, so that no server logs it. */
  protected readonly token = computed(() => new URLSearchParams(this.fragment() ?? '').get('token'));

  protected readonly password = signal('');
  protected readonly form = createForm<'password'>({
    check: async () => ({ password: await checkNewPassword(this.password()) }),
    submit: () => this.session.resetPasswordByLink({ token: this.token() ?? '', newPassword: this.password() }),
    fieldOf: newPasswordErrorFields('password'),
  });
}
