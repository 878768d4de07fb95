import type { EventHandler } from '@webcall/base';
import type { IceServer, SignalReceivedEvent } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import type { LinkState, MediaTransport, MediaTransportEvents, MeshOptions, TileSizes } from '@webcall/rtc';

/** Replaces a media transport in tests and records the calls. */
export class FakeTransport implements MediaTransport {
  readonly calls: string[] = [];
  readonly tracks = new Map<MediaKind, MediaStreamTrack | null>();
  private readonly handlers = new Map<string, (event: never) => void>();
  closed = false;

  constructor(readonly options: MeshOptions) {}

  on<E extends keyof MediaTransportEvents>(event: E, handler: EventHandler<MediaTransportEvents[E]>): () => void {
    this.handlers.set(event, handler);
    return () => this.handlers.delete(event);
  }

  emitTransportEvent<E extends keyof MediaTransportEvents>(event: E, payload: MediaTransportEvents[E]): void {
    this.handlers.get(event)?.(payload as never);
  }

  handleParticipants(others: readonly Participant[]): void {
    this.calls.push(`participants ${others.map((p) => p.id).join(' ')}`);
  }

  handleCallChange(change: CallChange): void {
    this.calls.push(`change ${change.type}`);
  }

  handleReceivedSignal(signal: SignalReceivedEvent): void {
    this.calls.push(`signal ${signal.from}`);
  }

  handleSocketReconnected(): void {
    this.calls.push('reconnected');
  }

  handleNetworkChange(): void {
    this.calls.push('online');
  }

  setLocalTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    this.tracks.set(kind, track);
  }

  setIceServers(iceServers: readonly IceServer[]): void {
    this.calls.push(`ice ${iceServers.length}`);
  }

  setRelayOnly(relayOnly: boolean): void {
    this.calls.push(`relay only ${relayOnly}`);
  }

  setVisibleSizes(participantId: string, { camera, screen }: TileSizes): void {
    this.calls.push(`shows ${participantId} ${camera} ${screen}`);
  }

  linkStateOf(): LinkState {
    return 'connecting';
  }

  closeTransport(): void {
    this.closed = true;
  }
}
