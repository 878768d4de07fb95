import { Emitter, type EventHandler, Scope } from '@webcall/base';
import type { IceServer, SignalReceivedEvent } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import type { LinkState, MediaTransport, MediaTransportEvents, MeshOptions } from '../media-transport';
import type { TileSizes } from '../tile-request';
import type { IceSettings } from './link-attempt';
import { PeerLink } from './peer-link';
import { CONTENT_HINTS } from './sender-encoding';
import { SignalInbox } from './signal-inbox';
import { SignalOutbox } from './signal-outbox';
import { SpeakerTracker } from './speaker-tracker';

const QUALITY_INTERVAL_MS = 2000;
const LEVELS_INTERVAL_MS = 200;
/** How many signals are kept of participants who are not known yet. */
const MAX_EARLY_SIGNALS = 500;

/** Transport that links every pair of participants by one RTCPeerConnection. Works for up to about 6 cameras. */
export class MeshTransport implements MediaTransport {
  private readonly events = new Emitter<MediaTransportEvents>();
  private readonly scope = new Scope();
  private readonly links = new Map<string, PeerLink>();
  private readonly local = new Map<MediaKind, MediaStreamTrack>();
  private readonly inbox = new SignalInbox();
  private readonly outbox: SignalOutbox;
  private readonly tracker = new SpeakerTracker();
  private speaker: string | null = null;
  private early: SignalReceivedEvent[] = [];
  private ice: IceSettings;
  private begun = false;

  /** Does nothing before `handleParticipants`. */
  constructor(private readonly options: MeshOptions) {
    this.ice = { servers: options.iceServers, relayOnly: options.relayOnly ?? false };
    this.outbox = new SignalOutbox(options.sendSignal, this.scope);
    this.scope.scheduleInterval(QUALITY_INTERVAL_MS, () => this.measureAllLinks());
    this.scope.scheduleInterval(LEVELS_INTERVAL_MS, () => this.updateSpeechLevels());
  }

  on<E extends keyof MediaTransportEvents>(event: E, handler: EventHandler<MediaTransportEvents[E]>): () => void {
    return this.events.on(event, handler);
  }

  handleParticipants(others: readonly Participant[]): void {
    const newcomer = !this.begun;
    this.begun = true;
    const present = new Set(others.map(({ id }) => id));
    for (const id of [...this.links.keys()]) if (!present.has(id)) this.removePeerLink(id);
    for (const participant of others) this.addOrUpdateLink(participant, newcomer);
  }

  handleCallChange(change: CallChange): void {
    if (change.type === 'ended') for (const id of [...this.links.keys()]) this.removePeerLink(id);
    else if (change.type === 'left') this.removePeerLink(change.participantId);
    else if (change.type === 'joined' || change.type === 'updated') this.addOrUpdateLink(change.participant, false);
  }

  handleReceivedSignal(signal: SignalReceivedEvent): void {
    if (this.scope.isClosed || !this.inbox.registerDelivery(signal)) return;
    const link = this.links.get(signal.from);
    if (link) link.handlePeerSignal(signal);
    else this.early = [...this.early, signal].slice(-MAX_EARLY_SIGNALS);
  }

  handleSocketReconnected(): void {
    this.outbox.resendAllSignals();
    for (const link of this.links.values()) link.repairAfterReconnect();
  }

  handleNetworkChange(): void {
    for (const link of this.links.values()) link.repairAfterNetworkChange();
  }

  setLocalTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    if (track) {
      track.contentHint ||= CONTENT_HINTS[kind];
      this.local.set(kind, track);
    } else this.local.delete(kind);
    for (const link of this.links.values()) link.sendLocalTrack(kind);
  }

  setIceServers(iceServers: readonly IceServer[]): void {
    this.ice = { ...this.ice, servers: iceServers };
    for (const link of this.links.values()) link.applyIceSettings();
  }

  setRelayOnly(relayOnly: boolean): void {
    if (relayOnly === this.ice.relayOnly) return;
    this.ice = { ...this.ice, relayOnly };
    for (const link of this.links.values()) {
      link.applyIceSettings();
      link.repairAfterNetworkChange();
    }
  }

  setVisibleSizes(participantId: string, sizes: TileSizes): void {
    this.links.get(participantId)?.requestTileSizes(sizes);
  }

  linkStateOf(participantId: string): LinkState {
    return this.links.get(participantId)?.linkState ?? 'connecting';
  }

  closeTransport(): void {
    this.events.removeAllHandlers();
    this.scope.closeScope();
    this.links.clear();
    this.local.clear();
    this.early = [];
  }

  private addOrUpdateLink(participant: Participant, offers: boolean): void {
    const { id } = participant;
    if (this.scope.isClosed || id === this.options.selfId) return;
    const known = this.links.get(id);
    if (known) known.handleParticipantChange(participant);
    else this.createPeerLink(participant, offers);
  }

  private createPeerLink(participant: Participant, offers: boolean): void {
    const { id } = participant;
    const { local, outbox } = this;
    const { selfId, connected } = this.options;
    const context = {
      selfId,
      connected,
      ice: () => this.ice,
      local,
      outbox,
      links: () => this.links.size,
    };
    const link = new PeerLink(participant, offers, context, this.scope);
    link.events.on('state', (state) => this.events.emit('linkState', { participantId: id, state }));
    link.events.on('media', (media) => this.events.emit('remoteMedia', { participantId: id, ...media }));
    link.events.on('mended', (cause) => this.events.emit('mended', { participantId: id, cause }));
    link.events.on('failure', (error) => this.events.emit('failure', { participantId: id, error }));
    this.links.set(id, link);
    link.startLink();
    const early = this.early.filter(({ from }) => from === id);
    this.early = this.early.filter(({ from }) => from !== id);
    for (const signal of early) link.handlePeerSignal(signal);
    this.tuneAllLinks();
  }

  private removePeerLink(id: string): void {
    this.links.get(id)?.closePeerLink();
    this.links.delete(id);
    this.early = this.early.filter(({ from }) => from !== id);
    this.tuneAllLinks();
  }

  private tuneAllLinks(): void {
    for (const link of this.links.values()) link.tuneSending();
  }

  private measureAllLinks(): void {
    for (const [participantId, link] of this.links) {
      link.measurePeerQuality().then(
        (quality) => this.events.emit('quality', { participantId, quality }),
        (error: unknown) => this.events.emit('failure', { participantId, error }),
      );
    }
  }

  private updateSpeechLevels(): void {
    const levels = new Map([...this.links].map(([id, link]) => [id, link.currentSpeechLevel()]));
    this.events.emit('levels', { levels });
    const speaker = this.tracker.updateSpeaker(levels);
    if (speaker === this.speaker) return;
    this.speaker = speaker;
    this.events.emit('speaker', { participantId: speaker });
  }
}
