import { type ListPage, PagedList } from './paged-list';
import { flushPromises } from './testing/fake-realtime';

interface Entry {
  id: string;
  word?: string;
}

const entries = (ids: string): Entry[] => [...ids].map((id) => ({ id }));

describe('PagedList', () => {
  let pages: PagedList<Entry>;
  let requestedCursors: (string | null)[];
  /** The requests that wait for an answer, in order. */
  let waiting: { answer: (page: ListPage<Entry>) => void; fail: (error: Error) => void }[];
  const answer = async (ids: string, next: string | null = null): Promise<void> => {
    waiting.shift()?.answer({ items: entries(ids), next });
    await flushPromises();
  };
  const shownText = (): string | undefined =>
    pages
      .items()
      ?.map(({ id, word = '' }) => id + word)
      .join('');
  const loaded = async (): Promise<void> => {
    void pages.reloadShownPages();
    await answer('abc', 'after c');
  };

  beforeEach(() => {
    [requestedCursors, waiting] = [[], []];
    pages = new PagedList(
      (cursor) => {
        requestedCursors.push(cursor);
        return new Promise((resolve, reject) => waiting.push({ answer: resolve, fail: reject }));
      },
      ({ id }) => id,
    );
  });

  it('shows the first page at once, and the next one below it on request', async () => {
    expect([pages.items(), pages.hasMore()]).toEqual([null, false]);
    await loaded();
    expect([shownText(), pages.hasMore()]).toEqual(['abc', true]);
    void pages.loadNextPage();
    void pages.loadNextPage();
    expect(pages.loading()).toBe(true);
    await answer('def');
    expect([shownText(), pages.hasMore(), pages.loading()]).toEqual(['abcdef', false, false]);
    await pages.loadNextPage();
    expect(requestedCursors).toEqual([null, 'after c']);
  });

  it('shows an entry once that moved from one page to the next', async () => {
    await loaded();
    void pages.loadNextPage();
    await answer('bde');
    expect(shownText()).toBe('acbde');
  });

  it('reloads as many entries as are shown', async () => {
    await loaded();
    void pages.loadNextPage();
    await answer('def', 'after f');
    void pages.reloadShownPages();
    await answer('xab', 'after b');
    expect(shownText()).toBe('abcdef');
    await answer('cde', 'after e');
    expect([shownText(), pages.hasMore()]).toEqual(['xabcde', true]);
    expect(requestedCursors.slice(2)).toEqual([null, 'after b']);
  });

  it('applies the newest reload only, in whichever order the answers come', async () => {
    void pages.reloadShownPages();
    void pages.reloadShownPages();
    waiting[1]?.answer({ items: entries('new'), next: null });
    await flushPromises();
    await answer('old');
    expect(shownText()).toBe('new');
  });

  it('drops a next page when a reload has changed the end of the list meanwhile', async () => {
    await loaded();
    void pages.loadNextPage();
    void pages.reloadShownPages();
    waiting[1]?.answer({ items: entries('xyz'), next: 'after z' });
    await flushPromises();
    await answer('def');
    expect([shownText(), pages.hasMore(), pages.loading()]).toEqual(['xyz', true, false]);
  });

  it('does not let a page undo changes that came while it was on its way', async () => {
    const putEntry = (id: string) =>
      pages.applyListChange((all) => [...all.filter((e) => e.id !== id), { id, word: '!' }]);
    const removeEntry = (id: string) => pages.applyListChange((all) => all.filter((e) => e.id !== id));
    await loaded();
    void pages.loadNextPage();
    putEntry('b');
    putEntry('e');
    removeEntry('c');
    removeEntry('f');
    expect(shownText()).toBe('ab!e!');
    await answer('cdef', 'after f');
    expect(shownText()).toBe('adb!e!');
    void pages.reloadShownPages();
    removeEntry('a');
    await answer('abcdef');
    expect(shownText()).toBe('bcdef');
  });

  it('keeps its entries when a page cannot be loaded, and can load it again', async () => {
    await loaded();
    for (const load of [() => pages.loadNextPage(), () => pages.reloadShownPages()]) {
      const failed = expect(load()).rejects.toThrow('offline');
      waiting.shift()?.fail(new Error('offline'));
      await failed;
      expect([shownText(), pages.hasMore(), pages.loading()]).toEqual(['abc', true, false]);
    }
    void pages.loadNextPage();
    await answer('d');
    expect(shownText()).toBe('abcd');
  });
});
