import { Component, inject } from '@angular/core';
import { I18n } from '../../core/text/i18n';
import { LANGUAGES, Preferences } from '../../core/browser/preferences';
import { Mark } from '../../ui/display/mark';

const NAMES = { en: 'English', ru: 'Русский' };

/** One centred card on the ground, for everybody who is not in yet. */
@Component({
  selector: 'wc-auth-frame',
  imports: [Mark],
  template: `
    <main id="main">
      <header>
        <wc-mark />
        <p class="muted">{{ t().common.tagline }}</p>
      </header>
      <div class="card"><ng-content /></div>
    </main>
    <footer>
      @for (language of languages; track language) {
        <button
          type="button"
          [lang]="language"
          [attr.aria-pressed]="language === i18n.language()"
          (click)="preferences.setLanguage(language)"
        >
          {{ names[language] }}
        </button>
      }
    </footer>
  `,
  styleUrl: './auth-frame.scss',
})
export class AuthFrame {
  protected readonly i18n = inject(I18n);
  protected readonly t = this.i18n.t;
  protected readonly preferences = inject(Preferences);
  protected readonly languages = LANGUAGES;
  protected readonly names = NAMES;
}
