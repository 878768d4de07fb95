import { Component, computed, inject } from '@angular/core';
import { I18n } from '../../core/text/i18n';
import { type Language, Preferences, THEMES, type Theme } from '../../core/browser/preferences';
import type { Option } from '../../ui/forms/option';
import { Segmented } from '../../ui/forms/segmented';

const ICONS = { system: 'device', light: 'sun', dark: 'moon' } as const;

@Component({
  selector: 'wc-appearance-settings',
  imports: [Segmented],
  template: `
    <wc-segmented
      [label]="t().settings.language"
      [options]="languages"
      [value]="preferences.language()"
      (valueChange)="preferences.setLanguage($event)"
    />
    <wc-segmented
      [label]="t().settings.theme"
      [options]="themes()"
      [value]="preferences.theme()"
      (valueChange)="preferences.setTheme($event)"
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
  protected readonly preferences = inject(Preferences);
  protected readonly languages: readonly Option<Language>[] = [
    { value: 'en', label: 'English' },
    { value: 'ru', label: 'Русский' },
  ];
  protected readonly themes = computed<readonly Option<Theme>[]>(() =>
    THEMES.map((value) => ({ value, label: this.t().settings.themes[value], icon: ICONS[value] })),
  );
}
