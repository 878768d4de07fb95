import { ScrollAnchoring } from './scroll-anchoring';

const ROW = 20;

/** A scrolling list with computed positions, because jsdom has no layout. */
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

describe('ScrollAnchoring', () => {
  const open = (count: number): { list: FakeList; anchoring: ScrollAnchoring } => {
    const list = new FakeList(count);
    const anchoring = new ScrollAnchoring();
    anchoring.attachScroller(list.scroller, list.content);
    return { list, anchoring };
  };
  /** Changes the list the way the page does. */
  const change = (anchoring: ScrollAnchoring, work: () => void): void => {
    anchoring.recordScrollAnchor();
    work();
    anchoring.restoreScrollAnchor(null);
  };

  it('opens at the end and stays there while messages arrive', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(null);
    expect(list.scroller.scrollTop).toBe(300);
    change(anchoring, () => list.add(2));
    expect(list.scroller.scrollTop).toBe(340);
    expect(anchoring.lastVisibleMessage()?.dataset['seq']).toBe('22');
  });

  it('opens at the line above the new messages', () => {
    const { list, anchoring } = open(50);
    anchoring.restoreScrollAnchor(list.content.children[20] as HTMLElement);
    expect(list.scroller.scrollTop).toBe(20 * ROW - 80);
  });

  it('keeps the read message in place when history is added above or messages below', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(null);
    list.scroller.scrollTop = 110;
    anchoring.recordScrollAnchor();
    change(anchoring, () => list.add(30, 'prepend'));
    expect(list.scroller.scrollTop).toBe(110 + 30 * ROW);
    change(anchoring, () => list.add(5));
    expect(list.scroller.scrollTop).toBe(110 + 30 * ROW);
  });

  it('does not mistake a smaller frame for scrolling up', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(null);
    list.height = 40;
    anchoring.recordScrollAnchor();
    anchoring.restoreScrollAnchor(null);
    expect(list.scroller.scrollTop).toBe(360);
  });

  it('follows new messages again once the reader is back at the end', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(null);
    list.scroller.scrollTop = 0;
    anchoring.recordScrollAnchor();
    list.scroller.scrollTop = 300;
    anchoring.recordScrollAnchor();
    change(anchoring, () => list.add(1));
    expect(list.scroller.scrollTop).toBe(320);
  });
});
