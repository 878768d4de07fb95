import { createUuidV7, Emitter, OneShotTimer, Scope } from '@webcall/base';
import type { SignalReceivedEvent } from '@webcall/contracts';
import { isLinkOwner, MEDIA_KINDS, type MediaKind, type Participant } from '@webcall/domain';
import type { LinkRepairKind, LinkState } from '../media-transport';
import type { LinkQuality } from '../quality/quality';
import { TileRequest, type TileSizes } from '../tile-request';
import { type IceSettings, LinkAttempt } from './link-attempt';
import { LinkHealth } from './link-health';
import { LinkRepair } from './link-repair';
import type { LocalMedia, SendingConditions } from './media-slots';
import type { SignalOutbox } from './signal-outbox';

/** How many signals are kept that overtook their offer. */
const MAX_STRAY_SIGNALS = 64;
/** How long a new path counts as fresh: the browser has learnt by then what it can carry. */
const FRESH_MS = 500;

/** The state and functions that all links of a mesh share. */
export interface LinkContext {
  selfId: string;
  ice: () => IceSettings;
  local: LocalMedia;
  outbox: SignalOutbox;
  /** Whether our own socket is connected. */
  connected: () => boolean;
  /** How many links share the uplink. */
  links: () => number;
}

/** Events of a link. */
export interface PeerLinkEvents {
  state: LinkState;
  media: { kind: MediaKind; track: MediaStreamTrack | null };
  mended: LinkRepairKind;
  failure: unknown;
}

/**
 * The media link to one participant, for as long as they are in the call: it makes and replaces attempts and emits
 * their results. Only the newcomer of the two offers, and also makes every new attempt; the two ids decide who owns the
 * ICE restarts within an attempt. So both sides know both roles without a message.
 */
export class PeerLink {
  readonly events = new Emitter<PeerLinkEvents>();
  private readonly scope: Scope;
  private attempt: LinkAttempt | null = null;
  private attemptScope = new Scope();
  /** Id of the other side's newest attempt: its ids ascend, so an offer with a lower id is out of date. */
  private latestTheirs = '';
  private strays: SignalReceivedEvent[] = [];
  private readonly announcedTracks = new Map<MediaKind, MediaStreamTrack>();
  private announcedState: LinkState = 'connecting';
  private everConnected = false;
  private readonly owner: boolean;
  private readonly repair: LinkRepair;
  private readonly health = new LinkHealth();
  private readonly request: TileRequest;
  /** Whether the path of this attempt is new; then the first picture is a small one, which arrives at once. */
  private fresh = true;
  private readonly freshness: OneShotTimer;
  /** How tall the other side shows us. */
  private peerTileSizes: TileSizes | null = null;

  /** @param offers whether this device is the newcomer of the two. */
  constructor(
    private participant: Participant,
    private offers: boolean,
    private readonly context: LinkContext,
    parent: Scope,
  ) {
    this.scope = parent.createChildScope();
    this.owner = isLinkOwner(context.selfId, participant.id);
    this.repair = new LinkRepair(this.scope, this.owner, {
      offers: () => this.offers,
      connected: () => this.context.connected(),
      reachable: () => this.participant.connected,
      restart: (again) => this.attempt?.requestIceRestart(again),
      rebuild: () => this.rebuildAttempt(),
    });
    this.request = new TileRequest(this.scope, (sizes) => this.attempt?.control.sendTileSizes(sizes));
    this.freshness = new OneShotTimer(this.scope, () => {
      this.fresh = false;
      this.tuneSending();
    });
    this.scope.addCleanup(() => this.events.removeAllHandlers());
    this.scope.addCleanup(() => context.outbox.discardSignals(participant.id));
    this.scope.addCleanup(() => this.abandonAttempt());
  }

  /** The present state of the link. */
  get linkState(): LinkState {
    return this.announcedState;
  }

  /** Sends the first offer, or waits for the other side's. */
  startLink(): void {
    if (this.offers) this.startOwnAttempt();
    this.assessConnection();
  }

  /** Takes the present state of the participant in the call. */
  handleParticipantChange(participant: Participant): void {
    const before = this.participant;
    this.participant = participant;
    if (participant.incarnation > before.incarnation) this.handleDeviceReload();
    // Also when the device never seemed disconnected: it may have reconnected before anyone noticed.
    if (participant.connected) this.context.outbox.resendStaleSignals(participant.id);
    if (participant.connected && !before.connected) this.repair.handlePeerReachable();
    this.announceRemoteTracks();
  }

  /** Takes a signal from the participant. */
  handlePeerSignal(signal: SignalReceivedEvent): void {
    const { link, description, candidate } = signal;
    if (link === undefined || this.scope.isClosed) return;
    if (link === this.attempt?.options.link) return this.attempt.handleAttemptSignal(description, candidate);
    const unanswered = this.attempt?.options.mine === true && !this.attempt.agreed;
    if (link <= this.latestTheirs) return;
    if (description?.type === 'offer' && !(this.offers && unanswered)) this.acceptAttempt(link, signal);
    else this.strays = [...this.strays, signal].slice(-MAX_STRAY_SIGNALS);
  }

  /** Called when our own network changed. */
  repairAfterNetworkChange(): void {
    this.repair.restartOnNetworkChange();
  }

  /** Called when our own socket is connected again. */
  repairAfterReconnect(): void {
    this.repair.checkPathAfterReconnect();
  }

  /** Sends the device's present track of that kind. */
  sendLocalTrack(kind: MediaKind): void {
    this.attempt?.replaceLocalTrack(kind);
  }

  /** Adapts sending to the uplink and to the sizes that the other side shows. */
  tuneSending(): void {
    this.attempt?.applySendingConditions(this.sendingConditions());
  }

  /** Uses the new ICE settings from the next repair on. */
  applyIceSettings(): void {
    this.attempt?.setIceSettings(this.context.ice());
  }

  /** Asks the participant to send pictures of these sizes. */
  requestTileSizes(sizes: TileSizes): void {
    this.request.setWantedSizes(sizes);
  }

  /** Measures how media arrived since the last call, and repairs media that stand still. */
  async measurePeerQuality(): Promise<LinkQuality> {
    const { attempt, participant } = this;
    const report = attempt ? await attempt.pc.getStats() : null;
    const { quality, verdict } = this.health.examineConnection({
      report: attempt === this.attempt ? report : null,
      connected: this.announcedState === 'connected',
      participant,
      trackOf: (kind) => attempt?.slots.receiverOf(kind)?.track.id,
      cameraShown: this.request.announcedSizes?.camera !== 0,
      cameraBitrate: attempt?.slots.estimateCameraBitrate(this.sendingConditions()) ?? 0,
    });
    this.tuneSending();
    if (verdict === 'restart') this.attempt?.requestIceRestart();
    else if (verdict === 'rebuild') this.rebuildAttempt();
    else if (verdict === 'mended') this.events.emit('mended', 'stalled');
    return quality;
  }

  /** @returns how loud the participant speaks now, 0 to 1. */
  currentSpeechLevel(): number {
    if (this.announcedState !== 'connected' || !this.participant.media.microphone) return 0;
    const [source] = this.attempt?.slots.receiverOf('microphone')?.getSynchronizationSources() ?? [];
    return source?.audioLevel ?? 0;
  }

  /** Closes the link because the participant has left, or we have. */
  closePeerLink(): void {
    this.scope.closeScope();
  }

  /** The other device reloaded and is the newcomer now. An attempt of its own is kept: it may already be a new one. */
  private handleDeviceReload(): void {
    this.offers = false;
    this.latestTheirs = '';
    if (this.attempt?.options.mine) this.abandonAttempt();
    const strays = this.strays;
    this.strays = [];
    for (const stray of strays) this.handlePeerSignal(stray);
    this.assessConnection();
  }

  private startOwnAttempt(): void {
    this.replaceAttempt(createUuidV7(), true).startOffering();
  }

  /** A device that cannot be reached now would get an outdated offer later, so none is made. */
  private rebuildAttempt(): void {
    if (this.participant.connected) {
      this.events.emit('mended', 'rebuilt');
      this.startOwnAttempt();
    }
    this.assessConnection();
  }

  private sendingConditions(): SendingConditions {
    const { fresh, peerTileSizes: tiles } = this;
    return { links: this.context.links(), fresh, step: this.health.requiredCameraStep, tiles };
  }

  private acceptAttempt(link: string, offer: SignalReceivedEvent): void {
    this.latestTheirs = link;
    const attempt = this.replaceAttempt(link, false);
    const early = this.strays.filter((stray) => stray.link === link);
    this.strays = this.strays.filter((stray) => stray.link !== link);
    for (const { description, candidate } of [offer, ...early]) attempt.handleAttemptSignal(description, candidate);
    this.assessConnection();
  }

  private replaceAttempt(link: string, mine: boolean): LinkAttempt {
    this.abandonAttempt();
    const { context, participant } = this;
    const scope = (this.attemptScope = this.scope.createChildScope());
    const attempt = new LinkAttempt(
      {
        link,
        mine,
        polite: !this.owner,
        ice: context.ice(),
        local: context.local,
        send: (part) => context.outbox.enqueueSignal({ to: participant.id, link, ...part }),
        withdraw: () => context.outbox.discardSignals(participant.id, link),
      },
      scope,
    );
    attempt.events.on('agreed', () => this.handleAttemptAgreed());
    attempt.events.on('nothingFound', () => this.repair.handleNothingFound());
    attempt.events.on('restarting', () => this.events.emit('mended', 'restarted'));
    attempt.control.events.on('tiles', (tiles) => this.handleTileSizes(tiles));
    if (this.request.announcedSizes) attempt.control.sendTileSizes(this.request.announcedSizes);
    attempt.events.on('changed', () => this.assessConnection());
    attempt.events.on('failure', (error) => this.events.emit('failure', error));
    this.attempt = attempt;
    return attempt;
  }

  private abandonAttempt(): void {
    const { attempt } = this;
    this.repair.cancelRepairs();
    this.health.handleConnectionReplaced();
    this.attempt = null;
    this.peerTileSizes = null;
    this.fresh = true;
    this.freshness.cancelTimer();
    this.attemptScope.closeScope();
    if (attempt) this.context.outbox.discardSignals(this.participant.id, attempt.options.link);
    this.announceRemoteTracks();
  }

  private handleAttemptAgreed(): void {
    this.repair.handleAgreement();
    this.health.handleNewPath();
    this.tuneSending();
    this.announceRemoteTracks();
    this.assessConnection();
  }

  private handleTileSizes(tiles: TileSizes): void {
    this.peerTileSizes = tiles;
    this.tuneSending();
  }

  /** Checks the connection, starts a repair if necessary, and announces the state. */
  private assessConnection(): void {
    const { pc, agreed = false, everConnected = false } = this.attempt ?? {};
    const connected = pc?.connectionState === 'connected';
    const ice = pc?.iceConnectionState ?? null;
    this.repair.updateConnectionFacts({ ice, connected, agreed, everConnected });
    this.everConnected ||= connected;
    const failed = ice === 'failed' || pc?.connectionState === 'failed';
    this.announceLinkState(
      connected ? 'connected' : failed ? 'failed' : this.everConnected ? 'interrupted' : 'connecting',
    );
  }

  private announceLinkState(state: LinkState): void {
    if (state === this.announcedState) return;
    this.announcedState = state;
    if (state === 'connected') {
      this.health.handleNewPath();
      if (this.fresh) this.freshness.scheduleIfIdle(FRESH_MS);
    }
    this.events.emit('state', state);
  }

  /** A kind is live if the participant sends it and the attempt is agreed. */
  private announceRemoteTracks(): void {
    for (const kind of MEDIA_KINDS) {
      const live = this.participant.media[kind] && this.attempt?.agreed;
      const track = (live && this.attempt?.slots.receiverOf(kind)?.track) || null;
      if (track === (this.announcedTracks.get(kind) ?? null)) continue;
      if (track) this.announcedTracks.set(kind, track);
      else this.announcedTracks.delete(kind);
      this.events.emit('media', { kind, track });
    }
  }
}
