import { ScrollAnchoring } from './scroll-anchoring';

const ROW = 20;

/** A scrolling list with computed positions, because jsdom has no layout. */
class FakeList {
  readonly scroller = document.createElement('div');
  readonly content = document.createElement('div');
  readonly rows = document.createElement('div');
  height = 100;
  hidden = false;
  /** How often the place of a row was asked for. */
  asked = 0;
  private top = 0;

  constructor(count: number) {
    this.content.append(this.rows);
    this.scroller.append(this.content);
    document.body.append(this.scroller);
    const define = (name: string, get: () => number, set?: (value: number) => void) =>
      Object.defineProperty(this.scroller, name, { get, set });
    define('clientHeight', () => (this.hidden ? 0 : this.height));
    define('scrollHeight', () => (this.hidden ? 0 : this.rows.childElementCount * ROW));
    define(
      'scrollTop',
      () => (this.hidden ? 0 : this.top),
      (value) => (this.top = Math.max(0, Math.min(value, this.scroller.scrollHeight - this.height))),
    );
    this.scroller.getBoundingClientRect = () => ({ top: 0, bottom: this.scroller.clientHeight }) as DOMRect;
    this.add(count);
  }

  add(count: number, where: 'append' | 'prepend' = 'append'): void {
    for (let i = 0; i < count; i += 1) {
      const row = document.createElement('div');
      row.setAttribute('role', 'article');
      row.getBoundingClientRect = () => {
        this.asked += 1;
        if (this.hidden) return { top: 0, bottom: 0 } as DOMRect;
        const top = [...this.rows.children].indexOf(row) * ROW - this.top;
        return { top, bottom: top + ROW } as DOMRect;
      };
      this.rows[where](row);
    }
    [...this.rows.children].forEach((row, i) => ((row as HTMLElement).dataset['seq'] = String(i + 1)));
  }

  drop(from: number, to: number): void {
    for (const row of [...this.rows.children].slice(from, to)) row.remove();
    // As a browser does, which never shows what is beyond the end.
    this.scroller.scrollTop = this.top;
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
    anchoring.restoreScrollAnchor(true);
  };

  it('opens at the end and stays there while messages arrive', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(true);
    expect(list.scroller.scrollTop).toBe(300);
    change(anchoring, () => list.add(2));
    expect(list.scroller.scrollTop).toBe(340);
    expect(anchoring.visibleMessages()).toEqual({ first: 18, last: 22, read: 22 });
  });

  it('opens at the line above the new messages', () => {
    const { list, anchoring } = open(50);
    (list.rows.children[20] as HTMLElement).dataset['newLine'] = '';
    anchoring.restoreScrollAnchor(true);
    expect(list.scroller.scrollTop).toBe(20 * ROW - 80);
  });

  it('keeps the read message in place when history is added above or messages below', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(true);
    list.scroller.scrollTop = 110;
    anchoring.recordScrollAnchor();
    change(anchoring, () => list.add(30, 'prepend'));
    expect(list.scroller.scrollTop).toBe(110 + 30 * ROW);
    change(anchoring, () => list.add(5));
    expect(list.scroller.scrollTop).toBe(110 + 30 * ROW);
  });

  it('does not mistake a smaller frame for scrolling up', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(true);
    list.height = 40;
    anchoring.recordScrollAnchor();
    anchoring.restoreScrollAnchor(true);
    expect(list.scroller.scrollTop).toBe(360);
  });

  it('keeps the place of the reader while the list is hidden, and has no edges to load more at', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(true);
    list.scroller.scrollTop = 110;
    anchoring.recordScrollAnchor();
    list.hidden = true;
    anchoring.restoreScrollAnchor(true);
    expect([anchoring.distancesToEdges(), anchoring.visibleMessages()]).toEqual([undefined, undefined]);
    change(anchoring, () => list.add(5));
    list.hidden = false;
    // A browser shows it from its beginning, and may say so before the page places it.
    list.scroller.scrollTop = 0;
    anchoring.recordScrollAnchor();
    anchoring.restoreScrollAnchor(true);
    expect(list.scroller.scrollTop).toBe(110);
  });

  it('opens a list that is hidden at first where it opens any other, once it is shown', () => {
    const { list, anchoring } = open(50);
    (list.rows.children[20] as HTMLElement).dataset['newLine'] = '';
    list.hidden = true;
    anchoring.restoreScrollAnchor(true);
    list.hidden = false;
    anchoring.restoreScrollAnchor(true);
    expect(list.scroller.scrollTop).toBe(20 * ROW - 80);
  });

  it('follows new messages again once the reader is back at the end', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(true);
    list.scroller.scrollTop = 0;
    anchoring.recordScrollAnchor();
    list.scroller.scrollTop = 300;
    anchoring.recordScrollAnchor();
    change(anchoring, () => list.add(1));
    expect(list.scroller.scrollTop).toBe(320);
  });

  it('keeps the read message in place when far ones are dropped', () => {
    const { list, anchoring } = open(50);
    anchoring.restoreScrollAnchor(true);
    list.scroller.scrollTop = 25 * ROW - 5;
    anchoring.recordScrollAnchor();
    change(anchoring, () => list.drop(0, 20));
    expect(list.scroller.scrollTop).toBe(5 * ROW - 5);
    change(anchoring, () => list.drop(20, 30));
    expect(list.scroller.scrollTop).toBe(5 * ROW - 5);
  });

  it('does not stick to an end behind which the room goes on', () => {
    const { list, anchoring } = open(20);
    anchoring.restoreScrollAnchor(false);
    list.scroller.scrollTop = 300;
    anchoring.recordScrollAnchor();
    anchoring.recordScrollAnchor();
    list.add(50);
    anchoring.restoreScrollAnchor(true);
    expect(list.scroller.scrollTop).toBe(300);
  });

  it('says which messages are visible, also partly', () => {
    const { list, anchoring } = open(50);
    anchoring.restoreScrollAnchor(true);
    list.scroller.scrollTop = 10 * ROW + 5;
    expect(anchoring.visibleMessages()).toEqual({ first: 11, last: 16, read: 15 });
    // Messages on their way have no number.
    for (const row of [...list.rows.children].slice(13)) delete (row as HTMLElement).dataset['seq'];
    expect(anchoring.visibleMessages()).toEqual({ first: 11, last: 13, read: 13 });
    list.height = 0;
    expect(anchoring.visibleMessages()).toBeUndefined();
  });

  it('asks for the places of a few rows, whatever their number', () => {
    const { list, anchoring } = open(1000);
    anchoring.restoreScrollAnchor(true);
    list.scroller.scrollTop = 500 * ROW;
    list.asked = 0;
    anchoring.recordScrollAnchor();
    anchoring.visibleMessages();
    expect(list.asked).toBeLessThan(50);
  });
});
