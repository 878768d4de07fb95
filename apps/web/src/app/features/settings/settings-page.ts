import { Component, computed, inject } from '@angular/core';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { AccountForm } from './account-form';
import { AppearanceSettings } from './appearance-settings';
import { DeleteAccount } from './delete-account';
import { DeviceSettings } from './device-settings';
import { PasswordForm } from './password-form';
import { ReachSettings } from './reach-settings';
import { SessionsList } from './sessions-list';

@Component({
  selector: 'wc-settings-page',
  imports: [
    AccountForm,
    AppearanceSettings,
    Avatar,
    Button,
    DeleteAccount,
    DeviceSettings,
    PasswordForm,
    ReachSettings,
    SessionsList,
  ],
  templateUrl: './settings-page.html',
  styleUrl: './settings-page.scss',
})
export class SettingsPage {
  private readonly session = inject(Session);
  private readonly failures = inject(FailureToasts);
  protected readonly t = inject(I18n).t;
  protected readonly user = this.session.user;
  protected readonly isGuest = computed(() => this.user()?.guest ?? true);

  protected async signOutOfAccount(): Promise<void> {
    await this.failures.runWithToast(() => this.session.signOutUser());
  }
}
