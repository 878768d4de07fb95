import { Emitter, type Scope } from '@webcall/base';
import type { TileSizes } from '../tiles';

const VERSION = 1;
/** Nobody's screen is taller, whatever a message says. */
const MAX_HEIGHT = 4320;

/** What the other side asks over the connection itself. */
export interface ControlEvents {
  /** How tall it shows us. */
  tiles: TileSizes;
}

/**
 * The messages of two linked devices about their link. The channel is agreed on beforehand, so it needs no step of the
 * negotiation; what the other side says is taken for a wish and never for a fact.
 */
export class ControlChannel {
  readonly events = new Emitter<ControlEvents>();
  private readonly channel: RTCDataChannel;
  private waiting: TileSizes | null = null;

  /** To be made before the first description, on both sides. */
  constructor(pc: RTCPeerConnection, scope: Scope) {
    this.channel = pc.createDataChannel('control', { negotiated: true, id: 0 });
    scope.listen(this.channel, 'open', () => this.waiting && this.show(this.waiting));
    scope.listen(this.channel, 'message', (event) => this.receive((event as MessageEvent<unknown>).data));
    scope.add(() => this.events.clear());
  }

  /** Tells how tall the other side is shown here, now or as soon as the channel is open. */
  show(tiles: TileSizes): void {
    this.waiting = tiles;
    if (this.channel.readyState === 'open') this.channel.send(JSON.stringify({ v: VERSION, tiles }));
  }

  private receive(data: unknown): void {
    const tiles = tilesOf(data);
    if (tiles) this.events.emit('tiles', tiles);
  }
}

/** @returns the sizes of a message, or null for one of another kind, of a later version or of nonsense */
export function tilesOf(data: unknown): TileSizes | null {
  if (typeof data !== 'string' || data.length > 1000) return null;
  const message = parse(data);
  if (!isRecord(message) || message['v'] !== VERSION || !isRecord(message['tiles'])) return null;
  const { camera, screen } = message['tiles'];
  return isHeight(camera) && isHeight(screen) ? { camera, screen } : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Nonsense is for whoever sent it: the link goes on.
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isHeight(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_HEIGHT;
}
