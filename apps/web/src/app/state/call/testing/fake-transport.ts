import type { IceServer, SignalReceivedEvent } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import type { Handler } from '@webcall/base';
import type { LinkState, MediaTransport, MediaTransportEvents, MeshOptions, TileSizes } from '@webcall/rtc';

/** Stands in for a media transport and remembers what it was told. */
export class FakeTransport implements MediaTransport {
  readonly told: string[] = [];
  readonly tracks = new Map<MediaKind, MediaStreamTrack | null>();
  private readonly handlers = new Map<string, (event: never) => void>();
  closed = false;

  constructor(readonly options: MeshOptions) {}

  on<E extends keyof MediaTransportEvents>(event: E, handler: Handler<MediaTransportEvents[E]>): () => void {
    this.handlers.set(event, handler);
    return () => this.handlers.delete(event);
  }

  emit<E extends keyof MediaTransportEvents>(event: E, payload: MediaTransportEvents[E]): void {
    this.handlers.get(event)?.(payload as never);
  }

  handleParticipants(others: readonly Participant[]): void {
    this.told.push(`participants ${others.map((p) => p.id).join(' ')}`);
  }

  handleChange(change: CallChange): void {
    this.told.push(`change ${change.type}`);
  }

  handleSignal(signal: SignalReceivedEvent): void {
    this.told.push(`signal ${signal.from}`);
  }

  handleReconnected(): void {
    this.told.push('reconnected');
  }

  handleOnline(): void {
    this.told.push('online');
  }

  setTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    this.tracks.set(kind, track);
  }

  setIceServers(iceServers: readonly IceServer[]): void {
    this.told.push(`ice ${iceServers.length}`);
  }

  setRelayOnly(relayOnly: boolean): void {
    this.told.push(`relay only ${relayOnly}`);
  }

  setVisible(participantId: string, { camera, screen }: TileSizes): void {
    this.told.push(`shows ${participantId} ${camera} ${screen}`);
  }

  linkState(): LinkState {
    return 'connecting';
  }

  close(): void {
    this.closed = true;
  }
}
