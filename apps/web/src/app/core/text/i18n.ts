import { computed, DOCUMENT, effect, inject, Injectable, signal } from '@angular/core';
import type { Texts } from '../../../i18n/en';
import { BrowserPreferences, type Language } from '../browser/browser-preferences';
import { isolateArguments } from './isolate-text';

const TEXT_LOADERS: Record<Language, () => Promise<Texts>> = {
  en: () => import('../../../i18n/en').then(({ en }) => en),
  ru: () => import('../../../i18n/ru').then(({ ru }) => ru),
};

/**
 * The texts people read, in the language they chose: `t().home.title`. A text with numbers or names in it is a
 * function, so that each language has its own grammar and a missing text is a type error.
 */
@Injectable({ providedIn: 'root' })
export class I18n {
  private readonly preferences = inject(BrowserPreferences);
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly loaded = signal<{ language: Language; texts: Texts } | null>(null);

  readonly t = computed<Texts>(() => this.requireLoadedTexts().texts);

  /** The language that is shown: the chosen one as soon as its texts are loaded. */
  readonly language = computed<Language>(() => this.requireLoadedTexts().language);

  constructor() {
    effect(() => void this.loadTexts(this.preferences.language()));
  }

  /** To be awaited before the first page is shown. */
  async loadTexts(language = this.preferences.language()): Promise<void> {
    if (this.loaded()?.language === language) return;
    const texts = await TEXT_LOADERS[language]();
    if (this.preferences.language() !== language) return;
    this.loaded.set({ language, texts: isolateArguments(texts) });
    this.root.lang = language;
  }

  private requireLoadedTexts(): { language: Language; texts: Texts } {
    const loaded = this.loaded();
    if (!loaded) throw new Error('The texts are not loaded yet');
    return loaded;
  }
}
