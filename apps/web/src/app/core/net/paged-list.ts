import { computed, signal } from '@angular/core';
import { ChangesMeanwhile } from './changes-meanwhile';

/** A page of a list and the cursor of the next one. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

type ListChange<T> = (items: readonly T[]) => readonly T[];

/**
 * A list that is loaded page by page: the first page at once, the next one on request. Changes of its entries that come
 * while a page is on its way are applied to that page too, which may be older.
 */
export class PagedList<T> {
  private readonly shown = signal<ListPage<T> | null>(null);
  private readonly meanwhile = new ChangesMeanwhile<readonly T[]>();
  private renewals = 0;

  /** The loaded items; null before the first page. */
  readonly items = computed(() => this.shown()?.items ?? null);
  readonly hasMore = computed(() => this.shown()?.next != null);
  /** Whether the next page is on its way. */
  readonly loading = signal(false);

  /** @param ask loads a page from the server @param idOf gives the id of an entry: a moved entry may come twice */
  constructor(
    private readonly ask: (cursor: string | null) => Promise<ListPage<T>>,
    private readonly idOf: (item: T) => string,
  ) {}

  /** Loads as many entries as are shown again, at least the first page. Only the newest call counts. */
  async reloadShownPages(): Promise<void> {
    const renewal = ++this.renewals;
    await this.meanwhile.runRequest(async (replay) => {
      let fresh: ListPage<T> = { items: [], next: null };
      do {
        fresh = this.appendListPage(fresh, await this.ask(fresh.next));
        if (renewal !== this.renewals) return;
      } while (fresh.next !== null && fresh.items.length < (this.items()?.length ?? 0));
      this.shown.set({ ...fresh, items: replay(fresh.items) });
    });
  }

  /** Loads the next page, one at a time. */
  async loadNextPage(): Promise<void> {
    const cursor = this.shown()?.next;
    if (this.loading() || !cursor) return;
    this.loading.set(true);
    try {
      await this.meanwhile.runRequest(async (replay) => {
        const page = await this.ask(cursor);
        const before = this.shown();
        // The list may have been reloaded meanwhile.
        if (before?.next !== cursor) return;
        const { items, next } = this.appendListPage(before, page);
        this.shown.set({ items: replay(items), next });
      });
    } finally {
      this.loading.set(false);
    }
  }

  /** Applies a change of the entries. It may be applied twice and must then have the same result. */
  applyListChange(change: ListChange<T>): void {
    this.meanwhile.recordChange(change);
    this.shown.update((list) => list && { ...list, items: change(list.items) });
  }

  private appendListPage(before: ListPage<T>, { items, next }: ListPage<T>): ListPage<T> {
    const ids = new Set(items.map(this.idOf));
    return { items: [...before.items.filter((item) => !ids.has(this.idOf(item))), ...items], next };
  }
}
