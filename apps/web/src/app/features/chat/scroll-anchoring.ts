/** Within this distance the reader counts as being at the end, in pixels. */
const NEAR_END_PX = 40;

/**
 * Keeps the scroll position while the list grows at either end: a reader at the end stays at the end, any other reader
 * keeps the first visible message at the same height.
 */
export class ScrollAnchoring {
  private scroller?: HTMLElement;
  private content?: HTMLElement;
  private stuck = true;
  private placed = false;
  private anchor?: { element: HTMLElement; top: number };
  private shape = '';

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
    if (!scroller || !this.placed) return;
    // The list or its frame was resized, the reader did not scroll; `restoreScrollAnchor` follows.
    if (this.stuck && this.shape !== scrollerSizeOf(scroller)) return;
    this.stuck = this.distancesToEdges().below < NEAR_END_PX;
    const top = scroller.getBoundingClientRect().top;
    const element = this.messageElements().find((row) => row.getBoundingClientRect().bottom > top);
    this.anchor = element && { element, top: element.getBoundingClientRect().top - top };
  }

  /** Call after the list has changed. @param line where to start reading when the list opens */
  restoreScrollAnchor(line: HTMLElement | null): void {
    const { scroller, anchor } = this;
    if (!scroller || this.messageElements().length === 0) return;
    if (!this.placed) {
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

  /** Height above and below the visible part, in pixels. */
  distancesToEdges(): { above: number; below: number } {
    const { scroller } = this;
    if (!scroller) return { above: Infinity, below: Infinity };
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    return { above: scrollTop, below: scrollHeight - scrollTop - clientHeight };
  }

  /** The last message whose end is visible. */
  lastVisibleMessage(): HTMLElement | undefined {
    const { scroller } = this;
    if (!scroller || scroller.clientHeight === 0) return undefined;
    const bottom = scroller.getBoundingClientRect().bottom + 1;
    return this.messageElements().findLast((row) => row.dataset['seq'] && row.getBoundingClientRect().bottom <= bottom);
  }

  private messageElements(): HTMLElement[] {
    return [...(this.content?.querySelectorAll<HTMLElement>('[role=article]') ?? [])];
  }
}

function scrollerSizeOf({ clientHeight, scrollHeight }: HTMLElement): string {
  return `${clientHeight} ${scrollHeight}`;
}
