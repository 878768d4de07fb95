import { ScrollKeeper } from './scroll-keeper';

const ROW = 20;

/** A list in a frame, laid out by hand: jsdom lays nothing out. */
class FakeList {
  readonly scroller = document.createElement('div');
  readonly content = document.createElement('div');
  height = 100;
  private top = 0;

  constructor(count: number) {
    this.scroller.append(this.content);
    document.body.append(this.scroller);
    const define = (name: string, get: () => number, set?: (value: number) => void) =>
      Object.defineProperty(this.scroller, name, { get, set });
    define('clientHeight', () => this.height);
    define('scrollHeight', () => this.content.childElementCount * ROW);
    define(
      'scrollTop',
      () => this.top,
      (value) => (this.top = Math.max(0, Math.min(value, this.scroller.scrollHeight - this.height))),
    );
    this.scroller.getBoundingClientRect = () => ({ top: 0, bottom: this.height }) as DOMRect;
    this.add(count);
  }

  add(count: number, where: 'append' | 'prepend' = 'append'): void {
    for (let i = 0; i < count; i += 1) {
      const row = document.createElement('div');
      row.setAttribute('role', 'article');
      row.getBoundingClientRect = () => {
        const top = [...this.content.children].indexOf(row) * ROW - this.top;
        return { top, bottom: top + ROW } as DOMRect;
      };
      this.content[where](row);
    }
    [...this.content.children].forEach((row, i) => ((row as HTMLElement).dataset['seq'] = String(i + 1)));
  }
}

describe('ScrollKeeper', () => {
  const open = (count: number): { list: FakeList; keeper: ScrollKeeper } => {
    const list = new FakeList(count);
    const keeper = new ScrollKeeper();
    keeper.attach(list.scroller, list.content);
    return { list, keeper };
  };
  /** What the page does around each change of the list. */
  const change = (keeper: ScrollKeeper, work: () => void): void => {
    keeper.remember();
    work();
    keeper.restore(null);
  };

  it('opens at the end and stays there while messages come', () => {
    const { list, keeper } = open(20);
    keeper.restore(null);
    expect(list.scroller.scrollTop).toBe(300);
    change(keeper, () => list.add(2));
    expect(list.scroller.scrollTop).toBe(340);
    expect(keeper.lastVisible()?.dataset['seq']).toBe('22');
  });

  it('opens at the line above the new messages', () => {
    const { list, keeper } = open(50);
    keeper.restore(list.content.children[20] as HTMLElement);
    expect(list.scroller.scrollTop).toBe(20 * ROW - 80);
  });

  it('keeps what is read in place when history comes in above or messages below', () => {
    const { list, keeper } = open(20);
    keeper.restore(null);
    list.scroller.scrollTop = 110;
    keeper.remember();
    change(keeper, () => list.add(30, 'prepend'));
    expect(list.scroller.scrollTop).toBe(110 + 30 * ROW);
    change(keeper, () => list.add(5));
    expect(list.scroller.scrollTop).toBe(110 + 30 * ROW);
  });

  it('does not take a smaller frame for a reader who scrolled up', () => {
    const { list, keeper } = open(20);
    keeper.restore(null);
    list.height = 40;
    keeper.remember();
    keeper.restore(null);
    expect(list.scroller.scrollTop).toBe(360);
  });

  it('goes along again when the reader is back at the end', () => {
    const { list, keeper } = open(20);
    keeper.restore(null);
    list.scroller.scrollTop = 0;
    keeper.remember();
    list.scroller.scrollTop = 300;
    keeper.remember();
    change(keeper, () => list.add(1));
    expect(list.scroller.scrollTop).toBe(320);
  });
});
