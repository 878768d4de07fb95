import { type Page, Pages } from './pages';
import { settled } from './testing/fake-realtime';

interface Entry {
  id: string;
  word?: string;
}

const entries = (ids: string): Entry[] => [...ids].map((id) => ({ id }));

describe('Pages', () => {
  let pages: Pages<Entry>;
  let asked: (string | null)[];
  /** Answers what was asked, in order. */
  let waiting: { answer: (page: Page<Entry>) => void; fail: (error: Error) => void }[];
  const answer = async (ids: string, next: string | null = null): Promise<void> => {
    waiting.shift()?.answer({ items: entries(ids), next });
    await settled();
  };
  const shown = (): string | undefined =>
    pages
      .items()
      ?.map(({ id, word = '' }) => id + word)
      .join('');
  const loaded = async (): Promise<void> => {
    void pages.renew();
    await answer('abc', 'after c');
  };

  beforeEach(() => {
    [asked, waiting] = [[], []];
    pages = new Pages(
      (cursor) => {
        asked.push(cursor);
        return new Promise((resolve, reject) => waiting.push({ answer: resolve, fail: reject }));
      },
      ({ id }) => id,
    );
  });

  it('shows the first page at once, and the next one beneath it when it is wanted', async () => {
    expect([pages.items(), pages.hasMore()]).toEqual([null, false]);
    await loaded();
    expect([shown(), pages.hasMore()]).toEqual(['abc', true]);
    void pages.more();
    void pages.more();
    expect(pages.loading()).toBe(true);
    await answer('def');
    expect([shown(), pages.hasMore(), pages.loading()]).toEqual(['abcdef', false, false]);
    await pages.more();
    expect(asked).toEqual([null, 'after c']);
  });

  it('has an entry once that moved from one page to the next', async () => {
    await loaded();
    void pages.more();
    await answer('bde');
    expect(shown()).toBe('acbde');
  });

  it('asks anew for as much as is shown', async () => {
    await loaded();
    void pages.more();
    await answer('def', 'after f');
    void pages.renew();
    await answer('xab', 'after b');
    expect(shown()).toBe('abcdef');
    await answer('cde', 'after e');
    expect([shown(), pages.hasMore()]).toEqual(['xabcde', true]);
    expect(asked.slice(2)).toEqual([null, 'after b']);
  });

  it('counts the newest renewal only, in whichever order the answers come', async () => {
    void pages.renew();
    void pages.renew();
    waiting[1]?.answer({ items: entries('new'), next: null });
    await settled();
    await answer('old');
    expect(shown()).toBe('new');
  });

  it('drops a next page when the list has begun anew meanwhile, and puts it beneath the same end', async () => {
    await loaded();
    void pages.more();
    void pages.renew();
    waiting[1]?.answer({ items: entries('xyz'), next: 'after z' });
    await settled();
    await answer('def');
    expect([shown(), pages.hasMore(), pages.loading()]).toEqual(['xyz', true, false]);
  });

  it('does not let a page undo what was told while it was on its way', async () => {
    const come = (id: string) => pages.change((all) => [...all.filter((e) => e.id !== id), { id, word: '!' }]);
    const go = (id: string) => pages.change((all) => all.filter((e) => e.id !== id));
    await loaded();
    void pages.more();
    come('b');
    come('e');
    go('c');
    go('f');
    expect(shown()).toBe('ab!e!');
    await answer('cdef', 'after f');
    expect(shown()).toBe('adb!e!');
    void pages.renew();
    go('a');
    await answer('abcdef');
    expect(shown()).toBe('bcdef');
  });

  it('keeps what is there when a page cannot be had, and can be asked for it again', async () => {
    await loaded();
    for (const ask of [() => pages.more(), () => pages.renew()]) {
      const failed = expect(ask()).rejects.toThrow('offline');
      waiting.shift()?.fail(new Error('offline'));
      await failed;
      expect([shown(), pages.hasMore(), pages.loading()]).toEqual(['abc', true, false]);
    }
    void pages.more();
    await answer('d');
    expect(shown()).toBe('abcd');
  });
});
