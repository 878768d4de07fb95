import { Component, inject } from '@angular/core';
import { BrowserPreferences, LANGUAGES } from '../../core/browser/browser-preferences';
import { I18n } from '../../core/text/i18n';
import { Mark } from '../../ui/display/mark';

const LANGUAGE_NAMES = { en: 'English', ru: 'Русский' };

/** The page frame for users who are not signed in: one centred card. */
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
          (click)="preferences.selectLanguage(language)"
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
  protected readonly preferences = inject(BrowserPreferences);
  protected readonly languages = LANGUAGES;
  protected readonly names = LANGUAGE_NAMES;
}
