import type { SignalReceivedEvent } from '@webcall/contracts';

/** How many ids are remembered: far more than two devices exchange between a loss and its repair. */
const REMEMBERED = 2000;

/** Tells signals that were seen before, for they are sent again whenever an acknowledgement got lost. */
export class SignalInbox {
  private readonly seen = new Set<string>();

  /** @returns whether the signal came for the first time. One without an id always did. */
  isNew({ id }: SignalReceivedEvent): boolean {
    if (id === undefined) return true;
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    const [oldest] = this.seen;
    if (this.seen.size > REMEMBERED && oldest !== undefined) this.seen.delete(oldest);
    return true;
  }
}
