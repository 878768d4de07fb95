import type { SignalReceivedEvent } from '@webcall/contracts';

/** How many ids are remembered: far more than two devices exchange between a loss and its repair. */
const MAX_REMEMBERED_IDS = 2000;

/** Recognizes repeated signals: a signal is sent again when its acknowledgement got lost. */
export class SignalInbox {
  private readonly seen = new Set<string>();

  /** @returns whether the signal arrived for the first time; always true for a signal without an id. */
  registerDelivery({ id }: SignalReceivedEvent): boolean {
    if (id === undefined) return true;
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    const [oldest] = this.seen;
    if (this.seen.size > MAX_REMEMBERED_IDS && oldest !== undefined) this.seen.delete(oldest);
    return true;
  }
}
