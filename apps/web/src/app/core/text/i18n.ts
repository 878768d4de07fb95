import { DOCUMENT, Injectable, computed, effect, inject, signal } from '@angular/core';
import type { Texts } from '../../../i18n/en';
import { type Language, Preferences } from '../browser/preferences';

const LOADERS: Record<Language, () => Promise<Texts>> = {
  en: () => import('../../../i18n/en').then(({ en }) => en),
  ru: () => import('../../../i18n/ru').then(({ ru }) => ru),
};

/**
 * The texts people read, in the language they chose: `t().home.title`. A text with numbers or names in it is a
 * function, so that each language has its own grammar and a missing text is a type error.
 */
@Injectable({ providedIn: 'root' })
export class I18n {
  private readonly preferences = inject(Preferences);
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly loaded = signal<{ language: Language; texts: Texts } | null>(null);

  readonly t = computed<Texts>(() => this.current().texts);

  /** The language that is shown: the chosen one as soon as its texts are there. */
  readonly language = computed<Language>(() => this.current().language);

  constructor() {
    effect(() => void this.load(this.preferences.language()));
  }

  /** To be awaited before the first page. */
  async load(language = this.preferences.language()): Promise<void> {
    if (this.loaded()?.language === language) return;
    const texts = await LOADERS[language]();
    if (this.preferences.language() !== language) return;
    this.loaded.set({ language, texts });
    this.root.lang = language;
  }

  private current(): { language: Language; texts: Texts } {
    const loaded = this.loaded();
    if (!loaded) throw new Error('The texts are not loaded yet');
    return loaded;
  }
}
