import { Alarm, type Scope } from '@webcall/base';

/** Both descriptions are set and yet ICE has not begun: Chromium is wedged, only a new connection helps. */
const STALLED_MS = 3000;
/** How long a loss may heal by itself before its owner looks for a new path. */
const RESTART_MS = 2000;
/** How long a new path may take to be found, before its owner looks once more. */
const AGAIN_MS = 5000;
/** No connection for that long: the side that offers makes a new attempt. */
const REBUILD_MS = 15_000;
/** The other side steps in this long after the one that offers should have. */
const TAKE_OVER_MS = 25_000;
/** The same on the side whose own network changed, and how soon it looks again when it found no address of its own. */
const SUSPECT_AGAIN_MS = 2500;
const NOTHING_MS = 500;
/** How often it does: perhaps the servers that tell addresses are out of reach, and the two meet without them. */
const SEARCHES = 4;
/** When the own socket is back, what others have sent meanwhile comes first: it may be the restart already. */
const SETTLE_MS = 300;
/** A path that breaks this soon after the own socket came back broke with it: the own network changed. */
const SUSPECT_MS = 10_000;

/** How the connection of an attempt is. */
export interface ConnectionFacts {
  /** Null: there is no attempt. */
  ice: RTCIceConnectionState | null;
  connected: boolean;
  /** Both descriptions are set. */
  agreed: boolean;
  everConnected: boolean;
}

/** What a repair asks of its link. */
export interface RepairHooks {
  /** Whether this side makes the new attempts, as things are now. */
  offers: () => boolean;
  /** Whether the own socket is up. */
  connected: () => boolean;
  /** Whether the other side's socket is there. */
  reachable: () => boolean;
  /** Look for a new path; `again` also when one is being looked for. */
  restart: (again: boolean) => void;
  /** Make a new attempt. */
  rebuild: () => void;
}

/**
 * Decides when a link is repaired. A restart has one owner of the two, because two that follow each other cost a second
 * gap; the other side only steps in when its own network has changed, and both leave a restart its time once it is agreed.
 */
export class Repair {
  private readonly rebuilding: Alarm;
  private readonly stalled: Alarm;
  private readonly restarting: Alarm;
  private readonly settling: Alarm;
  private readonly searching: Alarm;
  private facts: ConnectionFacts = { ice: null, connected: false, agreed: false, everConnected: false };
  private rebuilds = 0;
  private suspectUntil = 0;
  private searches = 0;

  /** @param owner whether this side restarts what both see broken */
  constructor(
    scope: Scope,
    private readonly owner: boolean,
    private readonly hooks: RepairHooks,
  ) {
    this.rebuilding = new Alarm(scope, () => this.rebuild());
    this.stalled = new Alarm(scope, () => this.rebuild());
    this.restarting = new Alarm(scope, () => this.restart());
    this.settling = new Alarm(scope, () => this.isBroken() && hooks.restart(false));
    this.searching = new Alarm(scope, () => hooks.restart(true));
  }

  /** The connection as it is now; also to be called when it may have changed. */
  assess(facts: ConnectionFacts): void {
    const before = this.facts;
    this.facts = facts;
    const { ice, connected, agreed, everConnected } = facts;
    const offers = this.hooks.offers();
    if (connected) {
      this.rebuilds = 0;
      this.rebuilding.stop();
    } else this.rebuilding.set(offers ? REBUILD_MS : TAKE_OVER_MS);

    if (agreed && !everConnected && ice === 'new' && offers) {
      // There may be no path at all: it is not looked for in a hurry for ever.
      this.stalled.set(Math.min(REBUILD_MS, STALLED_MS * 2 ** this.rebuilds));
    } else this.stalled.stop();

    if (!this.isBroken()) this.restarting.stop();
    else if (ice !== before.ice) this.plan(ice === 'failed');
  }

  /** Both descriptions are set, for the first time or anew: what was broken is being repaired. */
  handleAgreed(): void {
    this.settling.stop();
    this.restarting.stop();
    if (!this.isBroken()) return;
    if (this.isSuspect()) this.restarting.set(SUSPECT_AGAIN_MS);
    else if (this.owner) this.restarting.set(AGAIN_MS);
  }

  /** The own network changed: looks for a new path at once. */
  handleOnline(): void {
    this.suspectUntil = Date.now() + SUSPECT_MS;
    this.searches = 0;
    this.hooks.restart(true);
  }

  /** This device has no address to offer: the browser may have said too early that there is a network again. */
  handleNothingFound(): void {
    if (this.isSuspect() && this.searches++ < SEARCHES) this.searching.set(NOTHING_MS);
  }

  /** The other side's socket is there again: what could not be agreed on is due now, if it has not healed meanwhile. */
  handleReachable(): void {
    if (this.owner && this.isBroken()) this.settling.set(SETTLE_MS);
  }

  /** The own socket was lost and is up again: if the path broke with it, the other side may not be able to repair it. */
  handleReconnected(): void {
    this.suspectUntil = Date.now() + SUSPECT_MS;
    this.settling.stop();
    this.settling.set(SETTLE_MS);
  }

  /** The attempt is gone. */
  stop(): void {
    for (const alarm of [this.rebuilding, this.stalled, this.restarting, this.settling, this.searching]) alarm.stop();
    this.facts = { ice: null, connected: false, agreed: false, everConnected: false };
  }

  private plan(failed: boolean): void {
    const suspect = this.isSuspect();
    if (!this.owner && !suspect) return;
    if (failed || suspect) this.restarting.stop();
    this.restarting.set(failed || suspect ? 0 : RESTART_MS);
  }

  /**
   * An offer that waits for a socket is taken long after the path has healed by itself, and costs another gap. What is
   * still broken when the sockets are back is restarted then.
   */
  private restart(): void {
    const { connected, reachable, restart } = this.hooks;
    if (connected() && (reachable() || this.isSuspect())) restart(false);
  }

  private rebuild(): void {
    this.rebuilds++;
    this.hooks.rebuild();
  }

  private isSuspect(): boolean {
    return Date.now() < this.suspectUntil;
  }

  private isBroken(): boolean {
    return this.facts.ice === 'disconnected' || this.facts.ice === 'failed';
  }
}
