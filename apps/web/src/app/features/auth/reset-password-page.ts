import { Component, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { checkNewPassword, newPasswordErrors } from '../../core/text/checks';
import { form } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Session } from '../../core/session/session';
import { Button } from '../../ui/forms/button';
import { ErrorState } from '../../ui/feedback/error-state';
import { Field } from '../../ui/forms/field';
import { AuthFrame } from './auth-frame';

/** Where a reset link leads: a new password for whom the link was made. */
@Component({
  selector: 'wc-reset-password-page',
  imports: [AuthFrame, Button, ErrorState, Field, RouterLink],
  template: `
    <wc-auth-frame>
      @if (token(); as given) {
        <h1>{{ t().auth.resetTitle }}</h1>
        <p class="text">{{ t().auth.resetText }}</p>
        <form novalidate (input)="form.mend($event)" (submit)="form.send($event)">
          <wc-field
            type="password"
            name="password"
            autocomplete="new-password"
            [label]="t().settings.newPassword"
            [hint]="t().auth.passwordHint"
            [showText]="t().common.showPassword"
            [hideText]="t().common.hidePassword"
            [error]="form.errors().password"
            [(value)]="password"
          />
          @if (form.error()) {
            <p class="notice bad" role="alert">{{ form.error() }}</p>
          }
          <button wcButton="primary" wide type="submit" [busy]="form.busy()">{{ t().auth.resetSend }}</button>
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

  /** It stands after `#`, so that it is in no server's log. */
  protected readonly token = computed(() => new URLSearchParams(this.fragment() ?? '').get('token'));

  protected readonly password = signal('');
  protected readonly form = form<'password'>({
    check: async () => ({ password: await checkNewPassword(this.password()) }),
    submit: () => this.session.resetPassword({ token: this.token() ?? '', newPassword: this.password() }),
    fieldOf: newPasswordErrors('password'),
  });
}
