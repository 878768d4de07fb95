import { SOCKET_HEARTBEAT } from '@webcall/contracts';

/** How much later than expected a ping of the server may come before the line counts as dead, in ms. */
const GRACE_MS = 600;

/**
 * Watches the server's pings. A dead line lets a connection hang for seconds before it ends; a ping that is overdue
 * shows it sooner.
 */
export class HeartbeatWatch {
  /** By the clock, because timers stand still while a device sleeps. */
  lastPingAt = 0;
  private timer?: ReturnType<typeof setTimeout>;

  /** @param report is called with whether the line is silent */
  constructor(private readonly report: (isSilent: boolean) => void) {}

  /** To be called when the connection opens, and for each ping. */
  recordPing(): void {
    this.lastPingAt = Date.now();
    this.report(false);
    this.awaitPing(SOCKET_HEARTBEAT.interval + GRACE_MS);
  }

  /** To be called when the connection ends. */
  stopWatch(): void {
    clearTimeout(this.timer);
    this.report(false);
  }

  private awaitPing(wait: number): void {
    clearTimeout(this.timer);
    const dueAt = Date.now() + wait;
    this.timer = setTimeout(() => {
      // The page itself was held up, so the ping may be there already and not yet be handled.
      if (Date.now() > dueAt + GRACE_MS) this.awaitPing(GRACE_MS);
      else this.report(true);
    }, wait);
  }
}
