import type { IceServer, SignalReceivedEvent } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import { Emitter, type Handler } from './emitter';
import type { LinkState, MediaTransport, MediaTransportEvents, MeshOptions } from './media-transport';

/** Every participant linked with every other one, by one RTCPeerConnection per pair. */
export class MeshTransport implements MediaTransport {
  private readonly events = new Emitter<MediaTransportEvents>();

  constructor(private readonly options: MeshOptions) {}

  on<E extends keyof MediaTransportEvents>(event: E, handler: Handler<MediaTransportEvents[E]>): () => void {
    return this.events.on(event, handler);
  }

  handleParticipants(_others: readonly Participant[]): void {}

  handleChange(_change: CallChange): void {}

  handleSignal(_signal: SignalReceivedEvent): void {}

  handleReconnected(): void {}

  handleOnline(): void {}

  async setTrack(_kind: MediaKind, _track: MediaStreamTrack | null): Promise<void> {}

  setIceServers(_iceServers: readonly IceServer[]): void {}

  linkState(_participantId: string): LinkState {
    void this.options;
    return 'connecting';
  }

  close(): void {
    this.events.clear();
  }
}
