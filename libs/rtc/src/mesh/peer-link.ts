import type { SignalReceivedEvent } from '@webcall/contracts';
import { MEDIA_KINDS, ownsLink, type MediaKind, type Participant } from '@webcall/domain';
import { Emitter, Scope, uuidv7 } from '@webcall/base';
import { LinkAttempt, type IceSettings } from './link-attempt';
import { LinkHealth } from './link-health';
import type { LocalMedia, SendingConditions } from './media-slots';
import type { LinkState, MendCause } from '../media-transport';
import type { Quality } from '../quality/quality';
import { Repair } from './repair';
import type { SignalOutbox } from './signal-outbox';
import { TileRequest, type TileSizes } from '../tiles';

/** Signals kept that overtook the offer they belong to. */
const STRAYS = 64;
/** What every link of a mesh shares. */
export interface LinkContext {
  selfId: string;
  ice: () => IceSettings;
  local: LocalMedia;
  outbox: SignalOutbox;
  /** Whether the own socket is up. */
  connected: () => boolean;
  /** How many links share the uplink. */
  links: () => number;
}

/** What a link tells. */
export interface PeerLinkEvents {
  state: LinkState;
  media: { kind: MediaKind; track: MediaStreamTrack | null };
  mended: MendCause;
  failure: unknown;
}

/**
 * The media link to one participant, for as long as that one is in the call: makes and replaces attempts, and tells what
 * comes of them. On first contact only one of the two offers, the newcomer; that side also makes every new attempt, while
 * an ICE restart within an attempt has an owner by the two ids. Both sides know both roles without asking.
 */
export class PeerLink {
  readonly events = new Emitter<PeerLinkEvents>();
  private readonly scope: Scope;
  private attempt: LinkAttempt | null = null;
  private attemptScope = new Scope();
  /** The newest attempt that the other side made: its ids ascend, so an offer with a lower one comes too late. */
  private latestTheirs = '';
  private strays: SignalReceivedEvent[] = [];
  private readonly shown = new Map<MediaKind, MediaStreamTrack>();
  private told: LinkState = 'connecting';
  private everConnected = false;
  private readonly owner: boolean;
  private readonly repair: Repair;
  private readonly health = new LinkHealth();
  private readonly request: TileRequest;
  /** What the other side shows of us. */
  private shownThere: TileSizes | null = null;

  /** @param offers whether this device is the newcomer of the two. */
  constructor(
    private participant: Participant,
    private offers: boolean,
    private readonly context: LinkContext,
    parent: Scope,
  ) {
    this.scope = parent.child();
    this.owner = ownsLink(context.selfId, participant.id);
    this.repair = new Repair(this.scope, this.owner, {
      offers: () => this.offers,
      connected: () => this.context.connected(),
      reachable: () => this.participant.connected,
      restart: (again) => this.attempt?.restart(again),
      rebuild: () => this.beginAgain(),
    });
    this.request = new TileRequest(this.scope, (sizes) => this.attempt?.control.show(sizes));
    this.scope.add(() => this.events.clear());
    this.scope.add(() => context.outbox.drop(participant.id));
    this.scope.add(() => this.abandon());
  }

  /** How the link is now. */
  get state(): LinkState {
    return this.told;
  }

  /** Begins: offers, or waits for the offer. */
  start(): void {
    if (this.offers) this.begin();
    this.assess();
  }

  /** The participant as the call has it now. */
  handleParticipant(participant: Participant): void {
    const before = this.participant;
    this.participant = participant;
    if (participant.incarnation > before.incarnation) this.handleFresh();
    // Also when the device never seemed to be away: it may have come back before anyone noticed, on another socket.
    if (participant.connected) this.context.outbox.handleReachable(participant.id);
    if (participant.connected && !before.connected) this.repair.handleReachable();
    this.showMedia();
  }

  /** A signal from the participant. */
  handleSignal(signal: SignalReceivedEvent): void {
    const { link, description, candidate } = signal;
    if (link === undefined || this.scope.closed) return;
    if (link === this.attempt?.options.link) return this.attempt.handle(description, candidate);
    const unanswered = this.attempt?.options.mine === true && !this.attempt.agreed;
    if (link <= this.latestTheirs) return;
    if (description?.type === 'offer' && !(this.offers && unanswered)) this.accept(link, signal);
    else this.strays = [...this.strays, signal].slice(-STRAYS);
  }

  /** The own network changed. */
  handleOnline(): void {
    this.repair.handleOnline();
  }

  /** The own socket is up again. */
  handleReconnected(): void {
    this.repair.handleReconnected();
  }

  /** Sends what the device now has of that kind. */
  refresh(kind: MediaKind): void {
    this.attempt?.refresh(kind);
  }

  /** Sends as much as there is room for, and as the other side shows. */
  tune(): void {
    this.attempt?.tune(this.conditions());
  }

  /** Looks for paths by the new settings from the next repair on. */
  handleIce(): void {
    this.attempt?.setIce(this.context.ice());
  }

  /** Shows the participant at these sizes. */
  show(sizes: TileSizes): void {
    this.request.set(sizes);
  }

  /** How the media arrive, since the last call; what needs mending is mended. */
  async measure(): Promise<Quality> {
    const { attempt, participant } = this;
    const report = attempt ? await attempt.pc.getStats() : null;
    const { quality, verdict } = this.health.examine({
      report: attempt === this.attempt ? report : null,
      connected: this.told === 'connected',
      participant,
      trackOf: (kind) => attempt?.slots.receiver(kind)?.track.id,
      cameraShown: this.request.current?.camera !== 0,
      cameraTakes: attempt?.slots.cameraTakes(this.conditions()) ?? 0,
    });
    this.tune();
    if (verdict === 'restart') this.attempt?.restart();
    else if (verdict === 'rebuild') this.beginAgain();
    else if (verdict === 'mended') this.events.emit('mended', 'stalled');
    return quality;
  }

  /** How loud the participant speaks now, 0 to 1. */
  level(): number {
    if (this.told !== 'connected' || !this.participant.media.microphone) return 0;
    const [source] = this.attempt?.slots.receiver('microphone')?.getSynchronizationSources() ?? [];
    return source?.audioLevel ?? 0;
  }

  /** Ends it: the participant has left, or we have. */
  close(): void {
    this.scope.close();
  }

  /** The device came back without its links: it is the newcomer now. An attempt that it made may be a new one already. */
  private handleFresh(): void {
    this.offers = false;
    this.latestTheirs = '';
    if (this.attempt?.options.mine) this.abandon();
    const strays = this.strays;
    this.strays = [];
    for (const stray of strays) this.handleSignal(stray);
    this.assess();
  }

  private begin(): void {
    this.replace(uuidv7(), true).start();
  }

  /** A device that cannot be reached now would only get an offer that is too old when it can. */
  private beginAgain(): void {
    if (this.participant.connected) {
      this.events.emit('mended', 'rebuilt');
      this.begin();
    }
    this.assess();
  }

  private conditions(): SendingConditions {
    return { links: this.context.links(), step: this.health.step, tiles: this.shownThere };
  }

  private accept(link: string, offer: SignalReceivedEvent): void {
    this.latestTheirs = link;
    const attempt = this.replace(link, false);
    const early = this.strays.filter((stray) => stray.link === link);
    this.strays = this.strays.filter((stray) => stray.link !== link);
    for (const { description, candidate } of [offer, ...early]) attempt.handle(description, candidate);
    this.assess();
  }

  private replace(link: string, mine: boolean): LinkAttempt {
    this.abandon();
    const { context, participant } = this;
    const scope = (this.attemptScope = this.scope.child());
    const attempt = new LinkAttempt(
      {
        link,
        mine,
        polite: !this.owner,
        ice: context.ice(),
        local: context.local,
        send: (part) => context.outbox.send({ to: participant.id, link, ...part }),
        withdraw: () => context.outbox.drop(participant.id, link),
      },
      scope,
    );
    attempt.events.on('agreed', () => this.handleAgreed());
    attempt.events.on('nothingFound', () => this.repair.handleNothingFound());
    attempt.events.on('restarting', () => this.events.emit('mended', 'restarted'));
    attempt.control.events.on('tiles', (tiles) => this.handleTiles(tiles));
    if (this.request.current) attempt.control.show(this.request.current);
    attempt.events.on('changed', () => this.assess());
    attempt.events.on('failure', (error) => this.events.emit('failure', error));
    this.attempt = attempt;
    return attempt;
  }

  private abandon(): void {
    const { attempt } = this;
    this.repair.stop();
    this.health.handleReplaced();
    this.attempt = null;
    this.shownThere = null;
    this.attemptScope.close();
    if (attempt) this.context.outbox.drop(this.participant.id, attempt.options.link);
    this.showMedia();
  }

  private handleAgreed(): void {
    this.repair.handleAgreed();
    this.health.handlePath();
    this.tune();
    this.showMedia();
    this.assess();
  }

  private handleTiles(tiles: TileSizes): void {
    this.shownThere = tiles;
    this.tune();
  }

  /** Looks at the connection, has it repaired if need be, and tells how it is. */
  private assess(): void {
    const { pc, agreed = false, everConnected = false } = this.attempt ?? {};
    const connected = pc?.connectionState === 'connected';
    const ice = pc?.iceConnectionState ?? null;
    this.repair.assess({ ice, connected, agreed, everConnected });
    this.everConnected ||= connected;
    const failed = ice === 'failed' || pc?.connectionState === 'failed';
    this.tell(connected ? 'connected' : failed ? 'failed' : this.everConnected ? 'interrupted' : 'connecting');
  }

  private tell(state: LinkState): void {
    if (state === this.told) return;
    this.told = state;
    if (state === 'connected') this.health.handlePath();
    this.events.emit('state', state);
  }

  /** A kind is live if the participant says so and the transceivers are there. */
  private showMedia(): void {
    for (const kind of MEDIA_KINDS) {
      const live = this.participant.media[kind] && this.attempt?.agreed;
      const track = (live && this.attempt?.slots.receiver(kind)?.track) || null;
      if (track === (this.shown.get(kind) ?? null)) continue;
      if (track) this.shown.set(kind, track);
      else this.shown.delete(kind);
      this.events.emit('media', { kind, track });
    }
  }
}
