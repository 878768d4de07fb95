import type { IceServer, SignalReceivedEvent } from '@webcall/contracts';
import { MEDIA_KINDS, ownsLink, type MediaKind, type Participant } from '@webcall/domain';
import { Alarm } from './alarm';
import { Emitter } from './emitter';
import { LinkAttempt } from './link-attempt';
import type { LocalMedia } from './media-slots';
import type { LinkState } from './media-transport';
import { QualityMeter } from './quality-meter';
import type { Quality } from './quality';
import { Scope } from './scope';
import type { SignalOutbox } from './signal-outbox';
import { uuidv7 } from './uuid';

/** Both descriptions are set and yet ICE has not begun: Chromium is wedged, only a new connection helps. */
const STALLED_MS = 3000;
/** How long a loss may heal by itself before its owner looks for a new path. */
const RESTART_MS = 2000;
/** No connection for that long: the side that offers makes a new attempt. */
const REBUILD_MS = 15_000;
/** The other side steps in this long after the one that offers should have. */
const TAKE_OVER_MS = 25_000;
/** Signals kept that overtook the offer they belong to. */
const STRAYS = 64;

/** What every link of a mesh shares. */
export interface LinkContext {
  selfId: string;
  iceServers: () => readonly IceServer[];
  local: LocalMedia;
  outbox: SignalOutbox;
  /** How many links share the uplink. */
  links: () => number;
}

/** What a link tells. */
export interface PeerLinkEvents {
  state: LinkState;
  media: { kind: MediaKind; track: MediaStreamTrack | null };
  failure: unknown;
}

/**
 * The media link to one participant, for as long as that one is in the call: makes, repairs and replaces attempts.
 * On first contact only one of the two offers, the newcomer; that side also makes every new attempt, while an ICE
 * restart within an attempt has an owner by the two ids. Both sides know both roles without asking.
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
  private meter = new QualityMeter();
  private readonly rebuild: Alarm;
  private readonly stalled: Alarm;
  private readonly restart: Alarm;

  /** @param offers whether this device is the newcomer of the two. */
  constructor(
    private participant: Participant,
    private offers: boolean,
    private readonly context: LinkContext,
    parent: Scope,
  ) {
    this.scope = parent.child();
    this.owner = ownsLink(context.selfId, participant.id);
    this.rebuild = new Alarm(this.scope, () => this.beginAgain());
    this.stalled = new Alarm(this.scope, () => this.beginAgain());
    this.restart = new Alarm(this.scope, () => this.attempt?.restart());
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
    if (participant.connected && !before.connected) this.context.outbox.handleReachable(participant.id);
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
    this.attempt?.restart(true);
  }

  /** Sends what the device now has of that kind. */
  async refresh(kind: MediaKind): Promise<void> {
    await this.attempt?.slots.refresh(kind);
  }

  /** Shares the uplink anew. */
  tune(): void {
    this.attempt?.tune(this.context.links());
  }

  /** Uses the new ICE servers from the next repair on. */
  handleIceServers(): void {
    this.attempt?.setIceServers(this.context.iceServers());
  }

  /** How the media arrive, since the last call. */
  async measure(): Promise<Quality> {
    const { attempt, participant } = this;
    const report = attempt ? await attempt.pc.getStats() : null;
    const trackOf = (kind: MediaKind): string | undefined => attempt?.slots.receiver(kind)?.track.id;
    return this.meter.measure(report, this.told === 'connected', participant.media, trackOf);
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
    if (this.participant.connected) this.begin();
    this.assess();
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
        iceServers: context.iceServers(),
        local: context.local,
        send: (part) => context.outbox.send({ to: participant.id, link, ...part }),
        withdraw: () => context.outbox.drop(participant.id, link),
      },
      scope,
    );
    attempt.events.on('agreed', () => this.handleAgreed());
    attempt.events.on('failed', () => this.handleFailed());
    attempt.events.on('changed', () => this.assess());
    attempt.events.on('failure', (error) => this.events.emit('failure', error));
    this.attempt = attempt;
    return attempt;
  }

  private abandon(): void {
    const { attempt } = this;
    for (const alarm of [this.rebuild, this.stalled, this.restart]) alarm.stop();
    this.attempt = null;
    this.meter = new QualityMeter();
    this.attemptScope.close();
    if (attempt) this.context.outbox.drop(this.participant.id, attempt.options.link);
    this.showMedia();
  }

  private handleAgreed(): void {
    this.tune();
    this.showMedia();
    this.assess();
  }

  private handleFailed(): void {
    if (this.owner) this.attempt?.restart();
  }

  /** Looks at the connection and sets the alarms that its state calls for. */
  private assess(): void {
    const { pc, agreed, everConnected } = this.attempt ?? {};
    const connected = pc?.connectionState === 'connected';
    const ice = pc?.iceConnectionState;
    if (connected) this.rebuild.stop();
    else this.rebuild.set(this.offers ? REBUILD_MS : TAKE_OVER_MS);

    if (agreed && !everConnected && ice === 'new' && this.offers) this.stalled.set(STALLED_MS);
    else this.stalled.stop();

    if (ice !== 'disconnected') this.restart.stop();
    else if (this.owner) this.restart.set(RESTART_MS);

    this.everConnected ||= connected;
    const failed = ice === 'failed' || pc?.connectionState === 'failed';
    this.tell(connected ? 'connected' : failed ? 'failed' : this.everConnected ? 'interrupted' : 'connecting');
  }

  private tell(state: LinkState): void {
    if (state === this.told) return;
    this.told = state;
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
