import type { SignalSendDto, WireError } from '@webcall/contracts';
import { type Scope, uuidv7 } from '@webcall/base';

/** A signal without what the outbox adds. */
export type OutgoingSignal = Omit<SignalSendDto, 'id'>;

interface Entry {
  readonly signal: SignalSendDto;
  /** The number of its newest sending, or null while it waits for one. */
  sending: number | null;
  /** When that was, ms. */
  sentAt: number;
}

interface Queue {
  /** Not acknowledged yet, in the order of sending. */
  readonly entries: Entry[];
  /** Stops the next try; null while nothing has failed. */
  stopRetry: (() => void) | null;
  failures: number;
}

const RETRY_MS = [500, 1000, 2000];
const RETRY_MAX_MS = 4000;
/** What was sent this lately may still be answered. */
const IN_FLIGHT_MS = 300;

/**
 * Signals on their way. Each is kept until the other device has acknowledged it; after a failure the rest of that
 * participant's signals wait behind it, so that their order stays. The receiver drops what comes twice.
 */
export class SignalOutbox {
  private readonly queues = new Map<string, Queue>();
  private sendings = 0;

  /**
   * @param deliver resolves when the other device has acknowledged the signal, rejects when it could not be reached; a
   *   rejection with `details.retryAfterSeconds`, as the server refuses what comes too often, is waited out
   */
  constructor(
    private readonly deliver: (signal: SignalSendDto) => Promise<void>,
    private readonly scope: Scope,
  ) {
    scope.add(() => this.queues.clear());
  }

  /** Sends a signal now, or after those that wait already. */
  send(signal: OutgoingSignal): void {
    if (this.scope.closed) return;
    const queue = this.queues.get(signal.to) ?? { entries: [], stopRetry: null, failures: 0 };
    this.queues.set(signal.to, queue);
    const entry: Entry = { signal: { ...signal, id: uuidv7() }, sending: null, sentAt: 0 };
    queue.entries.push(entry);
    if (!queue.stopRetry) void this.transmit(queue, entry);
  }

  /** Our socket is up again: nobody will acknowledge what went into the old one. */
  handleReconnected(): void {
    for (const queue of this.queues.values()) this.resend(queue, queue.entries);
  }

  /** The participant's socket is up, perhaps again: nobody will acknowledge what went into the old one. */
  handleReachable(participantId: string): void {
    const queue = this.queues.get(participantId);
    if (!queue) return;
    const flying = Date.now() - IN_FLIGHT_MS;
    this.resend(
      queue,
      queue.entries.filter(({ sending, sentAt }) => sending === null || sentAt <= flying),
    );
  }

  /** Forgets what is not acknowledged: everything for a participant, or only what belongs to one link. */
  drop(participantId: string, link?: string): void {
    const queue = this.queues.get(participantId);
    if (!queue) return;
    const kept = link === undefined ? [] : queue.entries.filter(({ signal }) => signal.link !== link);
    queue.entries.splice(0, Infinity, ...kept);
    if (kept.length > 0) return;
    queue.stopRetry?.();
    this.queues.delete(participantId);
  }

  private resend(queue: Queue, entries: readonly Entry[]): void {
    queue.stopRetry?.();
    queue.stopRetry = null;
    for (const entry of [...entries]) void this.transmit(queue, entry);
  }

  private async transmit(queue: Queue, entry: Entry): Promise<void> {
    const sending = ++this.sendings;
    entry.sending = sending;
    entry.sentAt = Date.now();
    try {
      await this.deliver(entry.signal);
      const at = queue.entries.indexOf(entry);
      if (at >= 0) queue.entries.splice(at, 1);
      queue.failures = 0;
    } catch (error) {
      // Not reaching the other device is what this class is for; only the newest sending of a signal counts.
      if (entry.sending !== sending || !queue.entries.includes(entry)) return;
      entry.sending = null;
      this.retryLater(queue, error);
    }
  }

  private retryLater(queue: Queue, error: unknown): void {
    if (queue.stopRetry) return;
    // Told once: a few failures are usual while somebody comes back.
    if (queue.failures === RETRY_MS.length) console.warn('Signals keep failing and are tried again', error);
    const wait = Math.max(RETRY_MS[queue.failures++] ?? RETRY_MAX_MS, askedToWaitMs(error));
    queue.stopRetry = this.scope.timeout(wait, () => {
      this.resend(
        queue,
        queue.entries.filter(({ sending }) => sending === null),
      );
    });
  }
}

/** @returns how long the server asks to wait when it refuses a signal because of too many; 0 for any other failure */
function askedToWaitMs(error: unknown): number {
  const seconds = (error as Partial<WireError> | null)?.details?.['retryAfterSeconds'];
  return typeof seconds === 'number' ? seconds * 1000 : 0;
}
