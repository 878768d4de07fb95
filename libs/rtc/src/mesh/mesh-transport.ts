import type { IceServer, SignalReceivedEvent } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import { Emitter, type Handler, Scope } from '@webcall/base';
import { CONTENT_HINTS } from './encoding';
import type { IceSettings } from './link-attempt';
import type { LinkState, MediaTransport, MediaTransportEvents, MeshOptions } from '../media-transport';
import { PeerLink } from './peer-link';
import { SignalInbox } from './signal-inbox';
import { SignalOutbox } from './signal-outbox';
import { SpeakerTracker } from './speaker';
import type { TileSizes } from '../tiles';

const QUALITY_MS = 2000;
const LEVELS_MS = 200;
/** Signals kept of participants whose arrival has not been told yet. */
const EARLY = 500;

/** Every participant linked with every other one, by one RTCPeerConnection per pair. Holds up to about 6 cameras. */
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
    this.scope.interval(QUALITY_MS, () => this.measure());
    this.scope.interval(LEVELS_MS, () => this.listen());
  }

  on<E extends keyof MediaTransportEvents>(event: E, handler: Handler<MediaTransportEvents[E]>): () => void {
    return this.events.on(event, handler);
  }

  handleParticipants(others: readonly Participant[]): void {
    const newcomer = !this.begun;
    this.begun = true;
    const present = new Set(others.map(({ id }) => id));
    for (const id of [...this.links.keys()]) if (!present.has(id)) this.remove(id);
    for (const participant of others) this.put(participant, newcomer);
  }

  handleChange(change: CallChange): void {
    if (change.type === 'ended') for (const id of [...this.links.keys()]) this.remove(id);
    else if (change.type === 'left') this.remove(change.participantId);
    else if (change.type === 'joined' || change.type === 'updated') this.put(change.participant, false);
  }

  handleSignal(signal: SignalReceivedEvent): void {
    if (this.scope.closed || !this.inbox.isNew(signal)) return;
    const link = this.links.get(signal.from);
    if (link) link.handleSignal(signal);
    else this.early = [...this.early, signal].slice(-EARLY);
  }

  handleReconnected(): void {
    this.outbox.handleReconnected();
    for (const link of this.links.values()) link.handleReconnected();
  }

  handleOnline(): void {
    for (const link of this.links.values()) link.handleOnline();
  }

  setTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    if (track) {
      track.contentHint ||= CONTENT_HINTS[kind];
      this.local.set(kind, track);
    } else this.local.delete(kind);
    for (const link of this.links.values()) link.refresh(kind);
  }

  setIceServers(iceServers: readonly IceServer[]): void {
    this.ice = { ...this.ice, servers: iceServers };
    for (const link of this.links.values()) link.handleIce();
  }

  setRelayOnly(relayOnly: boolean): void {
    if (relayOnly === this.ice.relayOnly) return;
    this.ice = { ...this.ice, relayOnly };
    for (const link of this.links.values()) {
      link.handleIce();
      link.handleOnline();
    }
  }

  setVisible(participantId: string, sizes: TileSizes): void {
    this.links.get(participantId)?.show(sizes);
  }

  linkState(participantId: string): LinkState {
    return this.links.get(participantId)?.state ?? 'connecting';
  }

  close(): void {
    this.events.clear();
    this.scope.close();
    this.links.clear();
    this.local.clear();
    this.early = [];
  }

  private put(participant: Participant, offers: boolean): void {
    const { id } = participant;
    if (this.scope.closed || id === this.options.selfId) return;
    const known = this.links.get(id);
    if (known) known.handleParticipant(participant);
    else this.add(participant, offers);
  }

  private add(participant: Participant, offers: boolean): void {
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
    link.start();
    const early = this.early.filter(({ from }) => from === id);
    this.early = this.early.filter(({ from }) => from !== id);
    for (const signal of early) link.handleSignal(signal);
    this.tune();
  }

  private remove(id: string): void {
    this.links.get(id)?.close();
    this.links.delete(id);
    this.early = this.early.filter(({ from }) => from !== id);
    this.tune();
  }

  private tune(): void {
    for (const link of this.links.values()) link.tune();
  }

  private measure(): void {
    for (const [participantId, link] of this.links) {
      link.measure().then(
        (quality) => this.events.emit('quality', { participantId, quality }),
        (error: unknown) => this.events.emit('failure', { participantId, error }),
      );
    }
  }

  private listen(): void {
    const levels = new Map([...this.links].map(([id, link]) => [id, link.level()]));
    this.events.emit('levels', { levels });
    const speaker = this.tracker.update(levels);
    if (speaker === this.speaker) return;
    this.speaker = speaker;
    this.events.emit('speaker', { participantId: speaker });
  }
}
