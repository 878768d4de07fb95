import { Component, computed, inject } from '@angular/core';
import { BrowserPreferences, type Language, type Theme, THEMES } from '../../core/browser/browser-preferences';
import { I18n } from '../../core/text/i18n';
import { Segmented } from '../../ui/forms/segmented';
import type { ChoiceOption } from '../../ui/forms/select';

const THEME_ICONS = { system: 'device', light: 'sun', dark: 'moon' } as const;

@Component({
  selector: 'wc-appearance-settings',
  imports: [Segmented],
  template: `
    <wc-segmented
      [label]="t().settings.language"
      [options]="languages"
      [value]="preferences.language()"
      (valueChange)="preferences.selectLanguage($event)"
    />
    <wc-segmented
      [label]="t().settings.theme"
      [options]="themes()"
      [value]="preferences.theme()"
      (valueChange)="preferences.selectTheme($event)"
    />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-16);
    }
  `,
})
export class AppearanceSettings {
  protected readonly t = inject(I18n).t;
  protected readonly preferences = inject(BrowserPreferences);
  protected readonly languages: readonly ChoiceOption<Language>[] = [
    { value: 'en', label: 'English' },
    { value: 'ru', label: 'Русский' },
  ];
  protected readonly themes = computed<readonly ChoiceOption<Theme>[]>(() =>
    THEMES.map((value) => ({ value, label: this.t().settings.themes[value], icon: THEME_ICONS[value] })),
  );
}
