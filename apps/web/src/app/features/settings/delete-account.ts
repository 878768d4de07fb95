import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import { ApiClient } from '../../core/net/api-client';
import { Session } from '../../core/session/session';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { DialogFrame, Dialogs } from '../../ui/feedback/dialog';
import { Button } from '../../ui/forms/button';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { PasswordField } from '../../widgets/password-field';

/** The confirmation dialog for deleting the account; requires the password. */
@Component({
  selector: 'wc-delete-account-dialog',
  imports: [Button, ConnectedForm, DialogFrame, PasswordField],
  template: `
    <form [wcForm]="form">
      <wc-dialog [title]="t().settings.deleteConfirm">
        <p>{{ t().settings.deleteText }}</p>
        <wc-password-field
          [label]="t().settings.confirmPassword"
          [error]="form.errors().password"
          [(value)]="password"
        />
        @if (form.error()) {
          <p class="bad" role="alert">{{ form.error() }}</p>
        }
        <ng-container actions>
          <button wcButton="ghost" type="button" (click)="dialog.close()">{{ t().common.cancel }}</button>
          <button wcButton="danger" type="submit" [busy]="form.busy()">{{ t().settings.deleteNow }}</button>
        </ng-container>
      </wc-dialog>
    </form>
  `,
  styleUrl: './form.scss',
})
class DeleteAccountDialog {
  private readonly api = inject(ApiClient);
  private readonly session = inject(Session);
  protected readonly dialog = inject(DialogRef);
  protected readonly t = inject(I18n).t;
  protected readonly password = signal('');
  protected readonly form = createForm<'password'>({
    check: () => ({ password: this.password() ? undefined : (t) => t.auth.passwordMissing }),
    submit: async () => {
      await this.api.sendRequest('DELETE /auth/me', { body: { password: this.password() } });
      this.session.forgetUserAndLoad('/sign-in');
    },
    fieldOf: { wrong_password: 'password' },
  });
}

@Component({
  selector: 'wc-delete-account',
  imports: [Button],
  template: `
    <button wcButton="danger-ghost" type="button" (click)="openDeleteDialog()">{{ t().settings.deleteAccount }}</button>
  `,
})
export class DeleteAccount {
  private readonly dialogs = inject(Dialogs);
  protected readonly t = inject(I18n).t;

  protected openDeleteDialog(): Promise<unknown> {
    return this.dialogs.openDialog(DeleteAccountDialog, null, this.t().settings.deleteConfirm);
  }
}
