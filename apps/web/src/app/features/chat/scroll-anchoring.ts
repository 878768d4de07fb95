/** Within this distance the reader counts as being at the end, in pixels. */
const NEAR_END_PX = 40;

/**
 * Keeps the scroll position while the list grows and shrinks at either end: a reader at the newest message stays there,
 * any other reader keeps the first visible message at the same height. It finds what is visible by halving, so that
 * scrolling asks for the places of a few rows, whatever their number.
 */
export class ScrollAnchoring {
  private scroller?: HTMLElement;
  private content?: HTMLElement;
  private stuck = true;
  private placed = false;
  private anchor?: { element: HTMLElement; top: number };
  /** The size for which the list was placed last; empty while it has no layout, as behind a call. */
  private shape = '';
  private endIsNewest = true;

  /** @param content has blocks, whose children are the rows */
  attachScroller(scroller: HTMLElement, content: HTMLElement): void {
    this.scroller = scroller;
    this.content = content;
  }

  stickToListEnd(): void {
    this.stuck = true;
    this.placed = true;
  }

  /** Call when the reader scrolls, and before the list changes. */
  recordScrollAnchor(): void {
    const { scroller } = this;
    const distances = this.distancesToEdges();
    if (!scroller || !distances || !this.placed) return;
    // The list or its frame was resized or shown, the reader did not scroll; `restoreScrollAnchor` follows.
    if (this.shape === '' || (this.stuck && this.shape !== scrollerSizeOf(scroller))) return;
    this.stuck = this.endIsNewest && distances.below < NEAR_END_PX;
    this.anchor = this.stuck ? undefined : this.findFirstVisibleMessage(scroller);
  }

  private findFirstVisibleMessage(scroller: HTMLElement): { element: HTMLElement; top: number } | undefined {
    const { top } = scroller.getBoundingClientRect();
    const rows = this.listRows();
    const element = nextMessage(rows, countRowsEndingBy(rows, top), 1);
    return element && { element, top: element.getBoundingClientRect().top - top };
  }

  /**
   * Call after the list has changed or was resized, hidden or shown. The list opens at its line above new messages, or
   * else at its end. While it is hidden, the place of its reader is kept.
   * @param endIsNewest whether the list ends with the room's newest message; otherwise nobody sticks to its end, for what
   * follows there has yet to be read
   */
  restoreScrollAnchor(endIsNewest: boolean): void {
    const { scroller, content, anchor } = this;
    if (!scroller || !content?.querySelector('[role=article]')) return;
    if (scroller.clientHeight === 0) {
      this.shape = '';
      return;
    }
    this.endIsNewest = endIsNewest;
    if (!this.placed) {
      const line = content.querySelector('[data-new-line]');
      this.placed = true;
      this.stuck = !line;
      if (line) scroller.scrollTop += line.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 80;
    }
    if (this.stuck) scroller.scrollTop = scroller.scrollHeight;
    else if (anchor?.element.isConnected) {
      const top = anchor.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      scroller.scrollTop += top - anchor.top;
    }
    this.shape = scrollerSizeOf(scroller);
    this.recordScrollAnchor();
  }

  /** Whether the list has the size for which its position was restored last. */
  get isSettled(): boolean {
    return !!this.scroller && this.shape === scrollerSizeOf(this.scroller);
  }

  /** Height above and below the visible part, in pixels. Undefined without a layout. */
  distancesToEdges(): { above: number; below: number } | undefined {
    const { scroller } = this;
    if (!scroller || scroller.clientHeight === 0) return undefined;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    return { above: scrollTop, below: scrollHeight - scrollTop - clientHeight };
  }

  /**
   * Numbers of the visible messages. `read` is the last one whose end is visible; `first` and `last` are also partly
   * visible, or beside what is visible. Undefined without a layout or a numbered message.
   */
  visibleMessages(): { first: number; last: number; read: number | undefined } | undefined {
    const { scroller } = this;
    if (!scroller || scroller.clientHeight === 0) return undefined;
    const { top, bottom } = scroller.getBoundingClientRect();
    const rows = this.listRows();
    const [above, endingInView] = [countRowsEndingBy(rows, top), countRowsEndingBy(rows, bottom + 1)];
    const read = nextSeq(rows, endingInView - 1, -1);
    const first = nextSeq(rows, above, 1) ?? read;
    const last = nextSeq(rows, endingInView, 1) ?? read;
    return first === undefined || last === undefined ? undefined : { first, last, read };
  }

  /** The rows of all blocks, in the order of their heights. */
  private listRows(): Element[] {
    return [...(this.content?.children ?? [])].flatMap((block) => [...block.children]);
  }
}

/** @returns how many rows end at a height of the page or above it */
function countRowsEndingBy(rows: readonly Element[], height: number): number {
  let [least, most] = [0, rows.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? Infinity) <= height) least = middle + 1;
    else most = middle;
  }
  return least;
}

/** @returns the message at or after (`step` 1), or at or before (`step` -1) the row of that index */
function nextMessage(
  rows: readonly Element[],
  index: number,
  step: 1 | -1,
  selector = '[role=article]',
): HTMLElement | undefined {
  for (let row = rows[index]; row; row = rows[(index += step)]) if (row.matches(selector)) return row as HTMLElement;
  return undefined;
}

function nextSeq(rows: readonly Element[], index: number, step: 1 | -1): number | undefined {
  const row = nextMessage(rows, index, step, '[data-seq]');
  return row && Number(row.dataset['seq']);
}

function scrollerSizeOf({ clientHeight, scrollHeight }: HTMLElement): string {
  return `${clientHeight} ${scrollHeight}`;
}
