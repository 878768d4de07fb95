import { OneShotTimer, type Scope } from '@webcall/base';

/** If ICE has not begun this long after both descriptions are set, Chromium is stuck: only a new connection helps. */
const STALLED_MS = 3000;
/** How long a loss may heal by itself before the link's owner searches for a new path. */
const RESTART_MS = 2000;
/** How long the search for a new path may take before the link's owner repeats it. */
const RESTART_AGAIN_MS = 5000;
/** After this long without a connection the side that offers makes a new attempt. */
const REBUILD_MS = 15_000;
/** After this long without a connection the other side makes a new attempt too. */
const TAKE_OVER_MS = 25_000;
/** `RESTART_AGAIN_MS` for the side whose network changed, and when it searches again after finding no own address. */
const SUSPECT_AGAIN_MS = 2500;
const SEARCH_AGAIN_MS = 500;
/** How often it searches again: the STUN servers may be out of reach, and the two may connect without them. */
const MAX_SEARCHES = 4;
/** How long signals sent meanwhile come first when our socket is back: one of them may be a restart already. */
const SETTLE_MS = 300;
/** A path that breaks this soon after our socket came back broke for the same reason: our network changed. */
const SUSPECT_MS = 10_000;

/** State of the connection of an attempt. */
export interface ConnectionFacts {
  /** Null: there is no attempt. */
  ice: RTCIceConnectionState | null;
  connected: boolean;
  /** Both descriptions are set. */
  agreed: boolean;
  everConnected: boolean;
}

/** The functions of its link that a repair uses. */
export interface LinkRepairHooks {
  /** Whether this side makes the new attempts at present. */
  offers: () => boolean;
  /** Whether our own socket is connected. */
  connected: () => boolean;
  /** Whether the other side's socket is connected. */
  reachable: () => boolean;
  /** Searches for a new path; `again` also during such a search. */
  restart: (again: boolean) => void;
  /** Makes a new attempt. */
  rebuild: () => void;
}

/**
 * Decides when a link is repaired. One of the two sides owns the restarts, because two restarts in a row cost a second
 * gap; the other side only restarts when its own network has changed. Both wait for an agreed restart to succeed.
 */
export class LinkRepair {
  private readonly rebuilding: OneShotTimer;
  private readonly stalled: OneShotTimer;
  private readonly restarting: OneShotTimer;
  private readonly settling: OneShotTimer;
  private readonly searching: OneShotTimer;
  private facts: ConnectionFacts = { ice: null, connected: false, agreed: false, everConnected: false };
  private rebuilds = 0;
  private suspectUntil = 0;
  private searches = 0;

  /** @param owner whether this side restarts a path that both sides see broken */
  constructor(
    scope: Scope,
    private readonly owner: boolean,
    private readonly hooks: LinkRepairHooks,
  ) {
    this.rebuilding = new OneShotTimer(scope, () => this.rebuildConnection());
    this.stalled = new OneShotTimer(scope, () => this.rebuildConnection());
    this.restarting = new OneShotTimer(scope, () => this.restartIfReachable());
    this.settling = new OneShotTimer(scope, () => this.isPathBroken() && hooks.restart(false));
    this.searching = new OneShotTimer(scope, () => hooks.restart(true));
  }

  /** Takes the state of the connection; to be called whenever it may have changed. */
  updateConnectionFacts(facts: ConnectionFacts): void {
    const before = this.facts;
    this.facts = facts;
    const { ice, connected, agreed, everConnected } = facts;
    const offers = this.hooks.offers();
    if (connected) {
      this.rebuilds = 0;
      this.rebuilding.cancelTimer();
    } else this.rebuilding.scheduleIfIdle(offers ? REBUILD_MS : TAKE_OVER_MS);

    if (agreed && !everConnected && ice === 'new' && offers) {
      // There may be no path at all, so the delay grows with each rebuild.
      this.stalled.scheduleIfIdle(Math.min(REBUILD_MS, STALLED_MS * 2 ** this.rebuilds));
    } else this.stalled.cancelTimer();

    if (!this.isPathBroken()) this.restarting.cancelTimer();
    else if (ice !== before.ice) this.scheduleRestart(ice === 'failed');
  }

  /** Called when both descriptions are set, for the first time or again: a broken path is being repaired. */
  handleAgreement(): void {
    this.settling.cancelTimer();
    this.restarting.cancelTimer();
    if (!this.isPathBroken()) return;
    if (this.isPathSuspect()) this.restarting.scheduleIfIdle(SUSPECT_AGAIN_MS);
    else if (this.owner) this.restarting.scheduleIfIdle(RESTART_AGAIN_MS);
  }

  /** Called when our own network changed: searches for a new path at once. */
  restartOnNetworkChange(): void {
    this.suspectUntil = Date.now() + SUSPECT_MS;
    this.searches = 0;
    this.hooks.restart(true);
  }

  /** Called when this device has no address to offer: the browser may have reported the network too early. */
  handleNothingFound(): void {
    if (this.isPathSuspect() && this.searches++ < MAX_SEARCHES) this.searching.scheduleIfIdle(SEARCH_AGAIN_MS);
  }

  /** Called when the other side's socket is back: a path that has not healed meanwhile is restarted now. */
  handlePeerReachable(): void {
    if (this.owner && this.isPathBroken()) this.settling.scheduleIfIdle(SETTLE_MS);
  }

  /** Called when our socket is back: if the path broke with it, the other side may not be able to repair it. */
  checkPathAfterReconnect(): void {
    this.suspectUntil = Date.now() + SUSPECT_MS;
    this.settling.cancelTimer();
    this.settling.scheduleIfIdle(SETTLE_MS);
  }

  /** Called when the attempt was abandoned: stops all timers. */
  cancelRepairs(): void {
    for (const timer of [this.rebuilding, this.stalled, this.restarting, this.settling, this.searching])
      timer.cancelTimer();
    this.facts = { ice: null, connected: false, agreed: false, everConnected: false };
  }

  private scheduleRestart(failed: boolean): void {
    const suspect = this.isPathSuspect();
    if (!this.owner && !suspect) return;
    if (failed || suspect) this.restarting.cancelTimer();
    this.restarting.scheduleIfIdle(failed || suspect ? 0 : RESTART_MS);
  }

  /**
   * An offer that waits for a socket may be answered long after the path has healed by itself, and costs another gap. A
   * path that is still broken when the sockets are back is restarted then.
   */
  private restartIfReachable(): void {
    const { connected, reachable, restart } = this.hooks;
    if (connected() && (reachable() || this.isPathSuspect())) restart(false);
  }

  private rebuildConnection(): void {
    this.rebuilds++;
    this.hooks.rebuild();
  }

  private isPathSuspect(): boolean {
    return Date.now() < this.suspectUntil;
  }

  private isPathBroken(): boolean {
    return this.facts.ice === 'disconnected' || this.facts.ice === 'failed';
  }
}
