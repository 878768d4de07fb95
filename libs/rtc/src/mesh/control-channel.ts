import { Emitter, type Scope } from '@webcall/base';
import type { TileSizes } from '../tile-request';

const CONTROL_VERSION = 1;
/** No screen is taller: larger numbers in a message are refused. */
const MAX_TILE_HEIGHT = 4320;

/** Requests of the other side that arrive over the connection itself. */
export interface ControlChannelEvents {
  /** How tall the other side shows us. */
  tiles: TileSizes;
}

/**
 * The data channel on which two linked devices exchange messages about their link. Its id is fixed, so it needs no
 * negotiation. Messages of the other side are only requests and are never trusted as facts.
 */
export class ControlChannel {
  readonly events = new Emitter<ControlChannelEvents>();
  private readonly channel: RTCDataChannel;
  private waiting: TileSizes | null = null;

  /** To be called before the first description, on both sides. */
  constructor(pc: RTCPeerConnection, scope: Scope) {
    this.channel = pc.createDataChannel('control', { negotiated: true, id: 0 });
    scope.listenToEvent(this.channel, 'open', () => this.waiting && this.sendTileSizes(this.waiting));
    scope.listenToEvent(this.channel, 'message', (event) =>
      this.handleControlMessage((event as MessageEvent<unknown>).data),
    );
    scope.addCleanup(() => this.events.removeAllHandlers());
  }

  /** Sends how tall the other side is shown here, now or as soon as the channel is open. */
  sendTileSizes(tiles: TileSizes): void {
    this.waiting = tiles;
    if (this.channel.readyState === 'open') this.channel.send(JSON.stringify({ v: CONTROL_VERSION, tiles }));
  }

  private handleControlMessage(data: unknown): void {
    const tiles = parseTileSizes(data);
    if (tiles) this.events.emit('tiles', tiles);
  }
}

/** @returns the sizes in a message, or null if it is of another kind, of another version or malformed */
export function parseTileSizes(data: unknown): TileSizes | null {
  if (typeof data !== 'string' || data.length > 1000) return null;
  const message = parseJsonOrNull(data);
  if (!isRecord(message) || message['v'] !== CONTROL_VERSION || !isRecord(message['tiles'])) return null;
  const { camera, screen } = message['tiles'];
  return isTileHeight(camera) && isTileHeight(screen) ? { camera, screen } : null;
}

function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A malformed message is the other side's fault: it is ignored and the link goes on.
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isTileHeight(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_TILE_HEIGHT;
}
