import { signal } from '@angular/core';
import { ChangesMeanwhile } from './changes-meanwhile';
import type { ListPage } from './paged-list';
import { SnapshotLoader } from './snapshot-loader';

/** Makes the new item of the old one; undefined stands for none. */
type ItemChange<T> = (item: T | undefined) => T | undefined;

/**
 * All items of a kind by id, loaded page after page and kept up to date by events. The first page is shown at once. No
 * answer undoes what happened while it was on its way, and nothing is lost that moved between two pages meanwhile: its
 * event either finds it here or shows that it is missing, and then everything is loaded again.
 */
export class SyncedCollection<T> {
  private readonly known = signal<ReadonlyMap<string, T>>(new Map());
  private readonly meanwhile = new ChangesMeanwhile<ReadonlyMap<string, T>>();
  /** Items that an event was about, and that were not here then. */
  private readonly missingIds = new Set<string>();
  private readonly loader = new SnapshotLoader(() => this.fetchAllPages());

  readonly items = this.known.asReadonly();
  readonly state = this.loader.state;
  /** Why `state` is `error`. */
  readonly error = this.loader.error;

  /**
   * Needs an injection context.
   * @param fetchPage loads a page from the server
   * @param keeps whether an item stays that the server does not list any more
   */
  constructor(
    private readonly fetchPage: (cursor: string | null) => Promise<ListPage<T>>,
    private readonly idOf: (item: T) => string,
    private readonly keeps: (item: T) => boolean = () => false,
  ) {}

  /** Loads everything from the server, for the first time or again. */
  loadItems(): Promise<void> {
    return this.loader.loadSnapshot();
  }

  /** Applies a change. It may be applied twice and must then have the same result. */
  changeItem(id: string, change: ItemChange<T>): void {
    this.meanwhile.recordChange((items) => withChange(items, id, change));
    this.known.update((items) => withChange(items, id, change));
  }

  /** To be called when an event shows that there is such an item: loads everything again if it is missing here. */
  requireItem(id: string): void {
    if (this.known().has(id)) return;
    if (this.loader.isLoading) this.missingIds.add(id);
    else void this.loadItems();
  }

  /** Makes a request for one item, and stores it. */
  storeAnswer<A>(ask: () => Promise<A>, itemOf: (answer: A) => T): Promise<A> {
    return this.fetchItems(ask, (answer) => [itemOf(answer)]);
  }

  private async fetchAllPages(): Promise<void> {
    const before = this.known();
    const listed = new Set<string>();
    this.missingIds.clear();
    let cursor: string | null = null;
    do {
      const page: ListPage<T> = await this.fetchItems(
        () => this.fetchPage(cursor),
        ({ items }) => items,
      );
      for (const item of page.items) listed.add(this.idOf(item));
      this.loader.markPartlyLoaded();
      cursor = page.next;
    } while (cursor !== null);
    // What has changed meanwhile exists, although it was on no page.
    const stays = ([id, item]: [string, T]): boolean => listed.has(id) || item !== before.get(id) || this.keeps(item);
    this.known.update((items) => new Map([...items].filter(stays)));
    if ([...this.missingIds].some((id) => !this.known().has(id))) this.loader.markStale();
  }

  /** Makes a request for items, and stores them as what has changed meanwhile leaves them. */
  private fetchItems<A>(ask: () => Promise<A>, itemsOf: (answer: A) => readonly T[]): Promise<A> {
    return this.meanwhile.runRequest(async (replay) => {
      const answer = await ask();
      const answered = new Map(itemsOf(answer).map((item) => [this.idOf(item), item]));
      const fresh = replay(answered);
      const ids = [...answered.keys()];
      this.known.update((items) => {
        const next = new Map(items);
        for (const id of ids) {
          const item = fresh.get(id);
          if (item === undefined) next.delete(id);
          else next.set(id, item);
        }
        return next;
      });
      return answer;
    });
  }
}

/** @returns the same map if nothing changes */
function withChange<T>(items: ReadonlyMap<string, T>, id: string, change: ItemChange<T>): ReadonlyMap<string, T> {
  const before = items.get(id);
  const after = change(before);
  if (after === before) return items;
  const next = new Map(items);
  if (after === undefined) next.delete(id);
  else next.set(id, after);
  return next;
}
