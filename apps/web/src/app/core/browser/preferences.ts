import { DOCUMENT, Injectable, effect, inject, signal } from '@angular/core';
import { BrowserStorage } from './storage';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How this browser wants the page; kept over sign-outs. */
@Injectable({ providedIn: 'root' })
export class Preferences {
  private readonly storage = inject(BrowserStorage).browser;
  private readonly root = inject(DOCUMENT).documentElement;

  readonly theme = signal<Theme>(oneOf(THEMES, this.storage.get('theme')) ?? 'system');
  readonly language = signal<Language>(oneOf(LANGUAGES, this.storage.get('language')) ?? ofBrowser());

  constructor() {
    effect(() => {
      const theme = this.theme();
      if (theme === 'system') delete this.root.dataset['theme'];
      else this.root.dataset['theme'] = theme;
    });
  }

  setTheme(theme: Theme): void {
    this.theme.set(theme);
    this.storage.set('theme', theme);
  }

  setLanguage(language: Language): void {
    this.language.set(language);
    this.storage.set('language', language);
  }
}

function oneOf<T>(values: readonly T[], value: unknown): T | undefined {
  return values.find((candidate) => candidate === value);
}

function ofBrowser(): Language {
  const known = navigator.languages.map((tag) => oneOf(LANGUAGES, tag.slice(0, 2).toLowerCase()));
  return known.find((language) => language !== undefined) ?? 'en';
}
