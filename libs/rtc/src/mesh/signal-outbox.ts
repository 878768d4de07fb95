import { createUuidV7, type Scope } from '@webcall/base';
import type { SignalSendDto, WireError } from '@webcall/contracts';

/** A signal without the id that the outbox adds. */
export type OutgoingSignal = Omit<SignalSendDto, 'id'>;

interface QueuedSignal {
  readonly signal: SignalSendDto;
  /** The number of its newest sending, or null while it waits to be sent. */
  sending: number | null;
  /** Time of that sending, Unix time in ms. */
  sentAt: number;
}

interface SignalQueue {
  /** Not acknowledged yet, in the order of sending. */
  readonly entries: QueuedSignal[];
  /** Stops the next try; null while nothing has failed. */
  stopRetry: (() => void) | null;
  failures: number;
}

const RETRY_DELAYS_MS = [500, 1000, 2000];
const MAX_RETRY_DELAY_MS = 4000;
/** A signal sent less than this long ago may still be acknowledged. */
const IN_FLIGHT_MS = 300;

/**
 * Queues of signals on their way. A signal is kept until the other device has acknowledged it; after a failure all
 * later signals to that participant wait, so that their order is kept. The receiver drops repeats.
 */
export class SignalOutbox {
  private readonly queues = new Map<string, SignalQueue>();
  private sendings = 0;

  /**
   * @param deliver resolves when the other device has acknowledged the signal, rejects when it could not be reached;
   *   after a rejection with `details.retryAfterSeconds`, the server's answer to too many signals, it waits that long
   */
  constructor(
    private readonly deliver: (signal: SignalSendDto) => Promise<void>,
    private readonly scope: Scope,
  ) {
    scope.addCleanup(() => this.queues.clear());
  }

  /** Sends a signal now, or after those already waiting. */
  enqueueSignal(signal: OutgoingSignal): void {
    if (this.scope.isClosed) return;
    const queue = this.queues.get(signal.to) ?? { entries: [], stopRetry: null, failures: 0 };
    this.queues.set(signal.to, queue);
    const entry: QueuedSignal = { signal: { ...signal, id: createUuidV7() }, sending: null, sentAt: 0 };
    queue.entries.push(entry);
    if (!queue.stopRetry) void this.transmitSignal(queue, entry);
  }

  /** Called when our socket is connected again: signals sent over the old one will not be acknowledged. */
  resendAllSignals(): void {
    for (const queue of this.queues.values()) this.transmitAgain(queue, queue.entries);
  }

  /** Called when the participant's socket may be a new one: signals sent to the old one will not be acknowledged. */
  resendStaleSignals(participantId: string): void {
    const queue = this.queues.get(participantId);
    if (!queue) return;
    const staleSince = Date.now() - IN_FLIGHT_MS;
    this.transmitAgain(
      queue,
      queue.entries.filter(({ sending, sentAt }) => sending === null || sentAt <= staleSince),
    );
  }

  /** Discards unacknowledged signals: all to a participant, or only those of one link. */
  discardSignals(participantId: string, link?: string): void {
    const queue = this.queues.get(participantId);
    if (!queue) return;
    const kept = link === undefined ? [] : queue.entries.filter(({ signal }) => signal.link !== link);
    queue.entries.splice(0, Infinity, ...kept);
    if (kept.length > 0) return;
    queue.stopRetry?.();
    this.queues.delete(participantId);
  }

  private transmitAgain(queue: SignalQueue, entries: readonly QueuedSignal[]): void {
    queue.stopRetry?.();
    queue.stopRetry = null;
    for (const entry of [...entries]) void this.transmitSignal(queue, entry);
  }

  private async transmitSignal(queue: SignalQueue, entry: QueuedSignal): Promise<void> {
    const sending = ++this.sendings;
    entry.sending = sending;
    entry.sentAt = Date.now();
    try {
      await this.deliver(entry.signal);
      const at = queue.entries.indexOf(entry);
      if (at >= 0) queue.entries.splice(at, 1);
      queue.failures = 0;
    } catch (error) {
      // Failures are expected here and lead to a resend; only the newest sending of a signal counts.
      if (entry.sending !== sending || !queue.entries.includes(entry)) return;
      entry.sending = null;
      this.scheduleResend(queue, error);
    }
  }

  private scheduleResend(queue: SignalQueue, error: unknown): void {
    if (queue.stopRetry) return;
    // Logged once, and not at first: a few failures are normal while a participant reconnects.
    if (queue.failures === RETRY_DELAYS_MS.length) console.warn('signals keep failing and are tried again', error);
    const wait = Math.max(RETRY_DELAYS_MS[queue.failures++] ?? MAX_RETRY_DELAY_MS, retryAfterMsOf(error));
    queue.stopRetry = this.scope.scheduleTimeout(wait, () => {
      this.transmitAgain(
        queue,
        queue.entries.filter(({ sending }) => sending === null),
      );
    });
  }
}

/** @returns how long the server asks to wait when it refuses a signal because of too many; 0 for any other failure */
function retryAfterMsOf(error: unknown): number {
  const seconds = (error as Partial<WireError> | null)?.details?.['retryAfterSeconds'];
  return typeof seconds === 'number' ? seconds * 1000 : 0;
}
