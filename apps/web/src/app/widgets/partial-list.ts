import { computed, linkedSignal, signal, type WritableSignal } from '@angular/core';

/** How many items are shown at first, and how many more each time: more than fit on a screen. */
const PART = 60;

/**
 * The beginning of a long list that is loaded already, to be continued by `ShowMore`: the page has nodes only for what
 * somebody has scrolled to.
 */
export class PartialList<T> {
  private readonly length: WritableSignal<number>;
  readonly items = computed(() => this.all().slice(0, this.length()));
  readonly hasMore = computed(() => this.all().length > this.length());
  readonly loading = signal(false).asReadonly();

  /** @param restart after each change of its value only the first items are shown again */
  constructor(
    private readonly all: () => readonly T[],
    restart: () => unknown = () => null,
  ) {
    this.length = linkedSignal({ source: restart, computation: () => PART });
  }

  loadNextPage(): Promise<void> {
    this.length.update((length) => length + PART);
    return Promise.resolve();
  }
}
