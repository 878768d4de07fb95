import type { EventHandler } from '@webcall/base';
import type { IceServer, SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import type { LinkQuality } from './quality/quality';
import type { TileSizes } from './tile-request';

/** State of the media link to a participant: `interrupted` was up and is being repaired, `failed` found no path. */
export type LinkState = 'connecting' | 'connected' | 'interrupted' | 'failed';

/**
 * How a link is repaired: `stalled` media flow again, `restarted` a new path is searched for, `rebuilt` a new
 * connection is made.
 */
export type LinkRepairKind = 'stalled' | 'restarted' | 'rebuilt';

/** Events of a media transport. */
export interface MediaTransportEvents {
  /** The track to play of a participant, or null when there is none (any more). */
  remoteMedia: { participantId: string; kind: MediaKind; track: MediaStreamTrack | null };
  /** The state of the link to a participant has changed. */
  linkState: { participantId: string; state: LinkState };
  /** A repair of a link has begun, or stalled media flow again; for the metrics. */
  mended: { participantId: string; cause: LinkRepairKind };
  /** Every 2 s for each participant: the quality of the received media. */
  quality: { participantId: string; quality: LinkQuality };
  /** Every 200 ms: how loud each participant is, 0 to 1. */
  levels: { levels: ReadonlyMap<string, number> };
  /** The other participant who speaks now, with hysteresis; null after some seconds of silence. */
  speaker: { participantId: string | null };
  /** An unexpected error, for the log. The transport goes on and repairs the link. */
  failure: { participantId: string; error: unknown };
}

/**
 * Transports a call's media. One object serves one stay in a call: made after `call:join`, and anew after `call:resume`
 * with `fresh`, and closed at the end. Its owner calls the methods and gets events back. The mesh implements it now; a
 * selective forwarding unit would be another implementation.
 */
export interface MediaTransport {
  /** Calls `handler` on each event of that name. @returns a function that removes the handler. */
  on<E extends keyof MediaTransportEvents>(event: E, handler: EventHandler<MediaTransportEvents[E]>): () => void;

  /**
   * Takes the list of the other participants. In the first call this device is the newcomer and offers a link to each
   * of them. Every later call (after a plain `call:resume` or `call:get`) is compared with the list before: new
   * participants will offer, missing ones have left.
   */
  handleParticipants(others: readonly Participant[]): void;

  /** Takes the change of a `call:changed`, in the order of versions. Changes of this device may be passed too. */
  handleCallChange(change: CallChange): void;

  /** Takes a `signal:received`. Never throws; acknowledge the event right after. Repeated signals do nothing. */
  handleReceivedSignal(signal: SignalReceivedEvent): void;

  /**
   * Called when the socket is connected and the seat resumed again: resends unacknowledged signals and repairs the
   * links that broke together with the socket.
   */
  handleSocketReconnected(): void;

  /** Called when this device's network changed (`online`): repairs every link at once instead of waiting for a loss. */
  handleNetworkChange(): void;

  /**
   * Sends `track` as `kind` to everyone, also to participants who join later; null sends nothing. The caller still owns
   * the track: the transport never stops it. Sending `call:update` is the caller's task. A link that cannot send the
   * track emits `failure`.
   */
  setLocalTrack(kind: MediaKind, track: MediaStreamTrack | null): void;

  /** Sets servers with new credentials: every link made or repaired from now on uses them. */
  setIceServers(iceServers: readonly IceServer[]): void;

  /** Sets whether media use TURN servers only, which hides this device's address; links move at once. */
  setRelayOnly(relayOnly: boolean): void;

  /** Sets how tall a participant's pictures are shown here: the participant sends no more lines, and nothing for 0. */
  setVisibleSizes(participantId: string, sizes: TileSizes): void;

  /** @returns the state of the link to a participant; `connecting` for an unknown participant. */
  linkStateOf(participantId: string): LinkState;

  /** Ends every link, timer and listener. No event comes afterwards. */
  closeTransport(): void;
}

/** Options of a mesh. */
export interface MeshOptions {
  /** This device's participant id. */
  selfId: string;
  /** From `call:join` or `call:resume`. */
  iceServers: readonly IceServer[];
  /** Media go through TURN servers only. */
  relayOnly?: boolean;
  /** Whether the socket is connected, so that signals can be sent. */
  connected: () => boolean;
  /** Sends `signal:send`; resolves when the other device has acknowledged it, rejects when it could not be reached. */
  sendSignal: (signal: SignalSendDto) => Promise<void>;
}
