import { Injectable, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type ActivatedRouteSnapshot, type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import type { Texts } from '../../../i18n/en';
import { I18n } from './i18n';

/** Names a page in the route's data: `data: { title: (t) => t.home.title } satisfies TitleData`. */
export interface TitleData {
  title: (texts: Texts) => string;
}

/** The title of the browser's tab; follows the language. */
@Injectable({ providedIn: 'root' })
export class PageTitle {
  private readonly i18n = inject(I18n);
  private readonly title = inject(Title);
  private readonly name = signal<(texts: Texts) => string>(() => '');

  /** How much is waiting to be read; shown before the name. */
  readonly badge = signal(0);

  /** What is more urgent than the name at the moment, and shown instead of it. */
  readonly alert = signal<((texts: Texts) => string) | null>(null);

  constructor() {
    effect(() => {
      const texts = this.i18n.t();
      const alert = this.alert();
      if (alert) return this.title.setTitle(alert(texts));
      const name = this.name()(texts);
      const badge = this.badge() ? `(${this.badge()}) ` : '';
      this.title.setTitle(badge + (name ? `${name} · ${texts.common.appName}` : texts.common.appName));
    });
  }

  set(name: (texts: Texts) => string): void {
    this.name.set(name);
  }
}

/** Takes titles from routes; a page whose route has none sets its own. */
@Injectable({ providedIn: 'root' })
export class RouteTitles extends TitleStrategy {
  private readonly page = inject(PageTitle);

  override updateTitle({ root }: RouterStateSnapshot): void {
    let route: ActivatedRouteSnapshot = root;
    while (route.firstChild) route = route.firstChild;
    const { title } = route.data as Partial<TitleData>;
    if (title) this.page.set(title);
  }
}
