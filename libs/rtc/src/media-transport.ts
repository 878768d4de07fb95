import type { IceServer, SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import type { CallChange, MediaKind, Participant } from '@webcall/domain';
import type { Handler } from '@webcall/base';
import type { Quality } from './quality/quality';
import type { TileSizes } from './tiles';

/** How the media link to a participant is: `interrupted` was connected and is being repaired, `failed` found no way. */
export type LinkState = 'connecting' | 'connected' | 'interrupted' | 'failed';

/**
 * How a link was kept alive: `stalled` media that stood still flow again, `restarted` a new path is looked for,
 * `rebuilt` a new connection is made.
 */
export type MendCause = 'stalled' | 'restarted' | 'rebuilt';

/** What a media transport tells. */
export interface MediaTransportEvents {
  /** What to play of a participant: a track to attach, or null when there is nothing (any more). */
  remoteMedia: { participantId: string; kind: MediaKind; track: MediaStreamTrack | null };
  /** The link to a participant has another state. */
  linkState: { participantId: string; state: LinkState };
  /** A link is kept alive, for the figures. */
  mended: { participantId: string; cause: MendCause };
  /** Every 2 s for each participant. */
  quality: { participantId: string; quality: Quality };
  /** Every 200 ms: how loud each participant is, 0 to 1. */
  levels: { levels: ReadonlyMap<string, number> };
  /** Who of the others speaks now, with hysteresis; null after some seconds of silence. */
  speaker: { participantId: string | null };
  /** Something went wrong that was not expected, for the log. The transport goes on and repairs the link. */
  failure: { participantId: string; error: unknown };
}

/**
 * How a call's media travel. One object is one stay in a call: made anew after `call:join` and after `call:resume` with
 * `fresh`, closed at the end. It takes `handle…` calls in and gives events out, and never calls its owner otherwise.
 * The mesh implements it now; a selective forwarding unit would be another implementation.
 */
export interface MediaTransport {
  /** Calls `handler` on each event of that name. @returns the call that ends it. */
  on<E extends keyof MediaTransportEvents>(event: E, handler: Handler<MediaTransportEvents[E]>): () => void;

  /**
   * The other participants. The first call makes this device the newcomer: it offers a link to each of them. Every later
   * call (after a plain `call:resume` or `call:get`) compares: who is new will offer, who is missing has left.
   */
  handleParticipants(others: readonly Participant[]): void;

  /** The change of a `call:changed`, in the order of versions. Changes of this device itself may be passed too. */
  handleChange(change: CallChange): void;

  /** A `signal:received`. Never throws; acknowledge the event right after. Signals that were seen before do nothing. */
  handleSignal(signal: SignalReceivedEvent): void;

  /**
   * The socket is up again and the seat taken again: sends once more what was not acknowledged, and repairs the links
   * that broke with the socket.
   */
  handleReconnected(): void;

  /** This device's own network changed (`online`): repairs every link at once instead of waiting for the loss. */
  handleOnline(): void;

  /**
   * Sends `track` as `kind` to everyone, now and to those who come later; null sends nothing. The track stays its
   * opener's: the transport never stops it. Others are told by `call:update`, which is the owner's task. A link that
   * cannot take it tells `failure`.
   */
  setTrack(kind: MediaKind, track: MediaStreamTrack | null): void;

  /** Fresh credentials: used by every link made or repaired from now on. */
  setIceServers(iceServers: readonly IceServer[]): void;

  /** Whether media go through TURN servers only, so that nobody learns this device's address; links move at once. */
  setRelayOnly(relayOnly: boolean): void;

  /** How tall a participant's pictures are shown here: it sends no more than that, and nothing for 0. */
  setVisible(participantId: string, sizes: TileSizes): void;

  /** How the link to a participant is; `connecting` for one that is not known. */
  linkState(participantId: string): LinkState;

  /** Ends every link, timer and listener. No event comes afterwards. */
  close(): void;
}

/** What a mesh needs to start. */
export interface MeshOptions {
  /** This device's participant id. */
  selfId: string;
  /** From `call:join` or `call:resume`. */
  iceServers: readonly IceServer[];
  /** Media go through TURN servers only. */
  relayOnly?: boolean;
  /** Whether the socket is up, so that signals can be sent. */
  connected: () => boolean;
  /** Sends `signal:send`; resolves when the other device has acknowledged it, rejects when it could not be reached. */
  sendSignal: (signal: SignalSendDto) => Promise<void>;
}
