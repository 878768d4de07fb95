import { Component, computed, inject } from '@angular/core';
import { Session } from '../../core/session/session';
import { ErrorTexts } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { Avatar } from '../../ui/display/avatar';
import { Toasts } from '../../ui/feedback/toasts';
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
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  protected readonly t = inject(I18n).t;
  protected readonly user = this.session.user;
  protected readonly isGuest = computed(() => this.user()?.guest ?? true);

  protected async signOutOfAccount(): Promise<void> {
    try {
      await this.session.signOutUser();
    } catch (error) {
      this.toasts.showToast(this.errors.translateError(error), 'bad');
    }
  }
}
