/** Nearer to the end than this counts as being there, in pixels. */
const NEAR = 40;

/**
 * Keeps what is being read where it is while the list grows at either end: a reader at the end stays at the end, any
 * other reader keeps the first visible message at the same height.
 */
export class ScrollKeeper {
  private scroller?: HTMLElement;
  private content?: HTMLElement;
  private stuck = true;
  private placed = false;
  private anchor?: { element: HTMLElement; top: number };
  private shape = '';

  attach(scroller: HTMLElement, content: HTMLElement): void {
    this.scroller = scroller;
    this.content = content;
  }

  stickToEnd(): void {
    this.stuck = true;
    this.placed = true;
  }

  /** To be called when the reader scrolls, and before the list changes. */
  remember(): void {
    const { scroller } = this;
    if (!scroller || !this.placed) return;
    // Not the reader moved but the list or its frame grew; `restore` is about to follow.
    if (this.stuck && this.shape !== shapeOf(scroller)) return;
    this.stuck = this.distances().below < NEAR;
    const top = scroller.getBoundingClientRect().top;
    const element = this.rows().find((row) => row.getBoundingClientRect().bottom > top);
    this.anchor = element && { element, top: element.getBoundingClientRect().top - top };
  }

  /** To be called after the list has changed. @param line where a reader who opens the list begins to read */
  restore(line: HTMLElement | null): void {
    const { scroller, anchor } = this;
    if (!scroller || this.rows().length === 0) return;
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
    this.shape = shapeOf(scroller);
    this.remember();
  }

  /** How much there is above and below what is visible, in pixels. */
  distances(): { above: number; below: number } {
    const { scroller } = this;
    if (!scroller) return { above: Infinity, below: Infinity };
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    return { above: scrollTop, below: scrollHeight - scrollTop - clientHeight };
  }

  /** The last message that is in view to its end. */
  lastVisible(): HTMLElement | undefined {
    const { scroller } = this;
    if (!scroller || scroller.clientHeight === 0) return undefined;
    const bottom = scroller.getBoundingClientRect().bottom + 1;
    return this.rows().findLast((row) => row.dataset['seq'] && row.getBoundingClientRect().bottom <= bottom);
  }

  private rows(): HTMLElement[] {
    return [...(this.content?.querySelectorAll<HTMLElement>('[role=article]') ?? [])];
  }
}

function shapeOf({ clientHeight, scrollHeight }: HTMLElement): string {
  return `${clientHeight} ${scrollHeight}`;
}
