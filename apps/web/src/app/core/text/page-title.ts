import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type ActivatedRouteSnapshot, type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import type { Texts } from '../../../i18n/en';
import { I18n } from './i18n';
import { isolateText } from './isolate-text';

/** Names a page in the route's data: `data: { title: (t) => t.home.title } satisfies RouteTitleData`. */
export interface RouteTitleData {
  title: (texts: Texts) => string;
}

/** The title of the browser's tab; follows the language. */
@Injectable({ providedIn: 'root' })
export class PageTitle {
  private readonly i18n = inject(I18n);
  private readonly title = inject(Title);
  private readonly name = signal<(texts: Texts) => string>(() => '');

  /** The number of unread messages; shown before the name. */
  readonly badge = signal(0);

  /** What goes on on whatever page, such as a call; shown before the name. */
  readonly activity = signal<((texts: Texts) => string) | null>(null);

  /** An urgent text that is shown instead of the name. */
  readonly alert = signal<((texts: Texts) => string) | null>(null);

  private readonly text = computed(() => {
    const texts = this.i18n.t();
    const alert = this.alert();
    if (alert) return alert(texts);
    const parts = [this.activity()?.(texts), isolateText(this.name()(texts)), texts.common.appName];
    const badge = this.badge() ? `(${this.badge()}) ` : '';
    return badge + parts.filter(Boolean).join(' · ');
  });
  private shown?: string;

  constructor() {
    // Once all of a turn is known: a message in front of the reader is unread only until the list has shown it.
    effect(() => {
      this.text();
      queueMicrotask(() => this.showTitle());
    });
  }

  setPageName(name: (texts: Texts) => string): void {
    this.name.set(name);
  }

  private showTitle(): void {
    const text = this.text();
    if (text !== this.shown) this.title.setTitle(text);
    this.shown = text;
  }
}

/** Sets the tab's title from the route's data; a page whose route has no title sets its own. */
@Injectable({ providedIn: 'root' })
export class RouteTitleStrategy extends TitleStrategy {
  private readonly page = inject(PageTitle);

  override updateTitle({ root }: RouterStateSnapshot): void {
    let route: ActivatedRouteSnapshot = root;
    while (route.firstChild) route = route.firstChild;
    const { title } = route.data as Partial<RouteTitleData>;
    if (title) this.page.setPageName(title);
  }
}
