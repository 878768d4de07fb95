import { computed, signal } from '@angular/core';

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

type Change<T> = (items: readonly T[]) => readonly T[];

/**
 * A list that people look at page by page: the first is there at once, the next one when they want it. What is told of
 * its entries while a page is on its way is told to that page too, which may be older.
 */
export class Pages<T> {
  private readonly shown = signal<Page<T> | null>(null);
  /** What has happened since each of the requests that are on their way. */
  private readonly meanwhile = new Set<Change<T>[]>();
  private renewals = 0;

  /** What is loaded; null before the first page. */
  readonly items = computed(() => this.shown()?.items ?? null);
  readonly hasMore = computed(() => this.shown()?.next != null);
  /** Whether the next page is on its way. */
  readonly loading = signal(false);

  /** @param ask asks the server for a page @param idOf what tells the entries apart: one that moved may come twice */
  constructor(
    private readonly ask: (cursor: string | null) => Promise<Page<T>>,
    private readonly idOf: (item: T) => string,
  ) {}

  /** Asks anew for as much as is shown, at least for the first page. Only the newest call counts. */
  async renew(): Promise<void> {
    const renewal = ++this.renewals;
    await this.following(async (changed) => {
      let fresh: Page<T> = { items: [], next: null };
      do {
        fresh = this.joined(fresh, await this.ask(fresh.next));
        if (renewal !== this.renewals) return;
      } while (fresh.next !== null && fresh.items.length < (this.items()?.length ?? 0));
      this.shown.set(changed(fresh));
    });
  }

  /** Asks for the next page, once at a time. */
  async more(): Promise<void> {
    const cursor = this.shown()?.next;
    if (this.loading() || !cursor) return;
    this.loading.set(true);
    try {
      await this.following(async (changed) => {
        const page = await this.ask(cursor);
        // The list may have begun anew meanwhile.
        this.shown.update((shown) => (shown?.next === cursor ? changed(this.joined(shown, page)) : shown));
      });
    } finally {
      this.loading.set(false);
    }
  }

  /** Takes in what has happened to entries. It may be taken in twice, and has to come out the same. */
  change(change: Change<T>): void {
    for (const changes of this.meanwhile) changes.push(change);
    this.shown.update((shown) => shown && { ...shown, items: change(shown.items) });
  }

  private async following(load: (changed: (page: Page<T>) => Page<T>) => Promise<void>): Promise<void> {
    const changes: Change<T>[] = [];
    this.meanwhile.add(changes);
    try {
      await load(({ items, next }) => ({ items: changes.reduce((all, change) => change(all), items), next }));
    } finally {
      this.meanwhile.delete(changes);
    }
  }

  private joined(before: Page<T>, { items, next }: Page<T>): Page<T> {
    const ids = new Set(items.map(this.idOf));
    return { items: [...before.items.filter((item) => !ids.has(this.idOf(item))), ...items], next };
  }
}
