import { TestBed } from '@angular/core/testing';
import type { ListPage } from './paged-list';
import { SyncedCollection } from './synced-collection';
import { flushPromises } from './testing/fake-realtime';

interface Item {
  id: string;
  word: string;
  count: number;
}

const items = (ids: string): Item[] => [...ids].map((id) => ({ id, word: '', count: 0 }));

describe('SyncedCollection', () => {
  let collection: SyncedCollection<Item>;
  let cursors: (string | null)[];
  /** The requests that wait for an answer, in order. */
  let waiting: ((page: ListPage<Item>) => void)[];
  const answer = async (ids: string, next: string | null = null): Promise<void> => {
    waiting.shift()?.({ items: items(ids), next });
    await flushPromises();
  };
  const loaded = async (ids: string): Promise<void> => {
    void collection.loadItems();
    await answer(ids);
    cursors.length = 0;
  };
  const shown = (): string =>
    [...collection.items().values()].map(({ id, word, count }) => id + word + (count || '')).join(' ');
  const say = (id: string, word: string): void => collection.changeItem(id, (item) => item && { ...item, word });

  beforeEach(() => {
    [cursors, waiting] = [[], []];
    collection = TestBed.runInInjectionContext(
      () =>
        new SyncedCollection<Item>(
          (cursor) => {
            cursors.push(cursor);
            return new Promise((resolve) => waiting.push(resolve));
          },
          ({ id }) => id,
          ({ word }) => word === 'kept',
        ),
    );
  });

  it('loads all pages, shows the first one at once, and drops what is on none', async () => {
    await loaded('x');
    say('x', 'kept');
    void collection.loadItems();
    await answer('ab', 'after b');
    expect([collection.state(), shown()]).toEqual(['ready', 'xkept a b']);
    await answer('cd');
    expect([shown(), cursors]).toEqual(['xkept a b c d', [null, 'after b']]);
    void collection.loadItems();
    say('d', '!');
    await answer('ac');
    // The change shows that `d` exists: it moved from one page to another meanwhile.
    expect(shown()).toBe('xkept a c d!');
  });

  it('applies changes to the pages that are on their way, in their order', async () => {
    void collection.loadItems();
    say('a', 'lost');
    say('a', '!');
    collection.changeItem('b', () => undefined);
    collection.changeItem('n', () => ({ id: 'n', word: ' is new', count: 0 }));
    await answer('abc');
    expect(shown()).toBe('n is new a! c');
  });

  it('loads once more when a load has not found an item that an event was about', async () => {
    void collection.loadItems();
    collection.requireItem('b');
    collection.requireItem('z');
    await answer('ab');
    expect(cursors).toEqual([null, null]);
    await answer('abz');
    collection.requireItem('z');
    expect(cursors).toEqual([null, null]);
    collection.requireItem('y');
    expect(cursors).toEqual([null, null, null]);
  });

  it('stores one item of an answer with what has changed meanwhile', async () => {
    await loaded('ab');
    let arrive: (item: Item) => void = () => undefined;
    const asked = collection.storeAnswer(
      () => new Promise<Item>((resolve) => (arrive = resolve)),
      (item) => item,
    );
    say('b', '!');
    arrive({ id: 'b', word: '?', count: 5 });
    await asked;
    expect([shown(), cursors]).toEqual(['a b!5', []]);
  });
});
