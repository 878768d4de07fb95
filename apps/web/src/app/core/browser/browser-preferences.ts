import { DOCUMENT, effect, inject, Injectable, signal } from '@angular/core';
import { BrowserStorage } from './browser-storage';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Theme and language chosen in this browser; they survive a sign-out. */
@Injectable({ providedIn: 'root' })
export class BrowserPreferences {
  private readonly storage = inject(BrowserStorage).browser;
  private readonly root = inject(DOCUMENT).documentElement;

  readonly theme = signal<Theme>(findAllowedValue(THEMES, this.storage.readValue('theme')) ?? 'system');
  readonly language = signal<Language>(
    findAllowedValue(LANGUAGES, this.storage.readValue('language')) ?? browserLanguage(),
  );

  constructor() {
    effect(() => {
      const theme = this.theme();
      if (theme === 'system') delete this.root.dataset['theme'];
      else this.root.dataset['theme'] = theme;
    });
  }

  selectTheme(theme: Theme): void {
    this.theme.set(theme);
    this.storage.storeValue('theme', theme);
  }

  selectLanguage(language: Language): void {
    this.language.set(language);
    this.storage.storeValue('language', language);
  }
}

function findAllowedValue<T>(values: readonly T[], value: unknown): T | undefined {
  return values.find((candidate) => candidate === value);
}

function browserLanguage(): Language {
  // Not by `Intl.Locale`, which throws on odd tags such as `ru_RU.UTF-8` although their language is plain.
  const known = navigator.languages.map((tag) => findAllowedValue(LANGUAGES, /^[a-z]*/i.exec(tag)?.[0].toLowerCase()));
  return known.find((language) => language !== undefined) ?? 'en';
}
