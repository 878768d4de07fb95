import { Injectable } from '@nestjs/common';
import type { Duplex } from 'node:stream';
import type { ServerSocket } from './server-socket';

type Connection = ServerSocket['conn'];

/**
 * Writes all packets that a connection gets in one turn of the event loop to the network at once. Writing is what most
 * of the time of a busy server is spent on, and a sender alone gets two packets for each message: the message and its
 * acknowledgement. Until then a connection counts as busy, so Socket.IO drops what is emitted to it as `volatile`.
 */
@Injectable()
export class PacketGathering {
  private gathering: Connection['transport'][] = [];

  gatherPackets({ conn }: ServerSocket): void {
    conn.on('packetCreate', () => {
      const { transport } = conn;
      // Polling sends what there is with the answer to a request, and a busy transport is written to when it is free.
      if (transport.name !== 'websocket' || !transport.writable) return;
      // The engine keeps packets while its transport is busy.
      transport.writable = false;
      if (this.gathering.push(transport) === 1) setImmediate(() => this.writeGatheredPackets());
    });
  }

  /** Writes them now instead of at the end of the turn: a connection that is closed loses what was not written. */
  writeGatheredPackets(): void {
    const transports = this.gathering;
    this.gathering = [];
    for (const transport of transports) {
      const stream = streamOf(transport);
      stream?.cork();
      transport.writable = true;
      transport.emit('ready');
      stream?.uncork();
    }
  }
}

/** The library of the web sockets does not offer its stream, on which each packet is a write of its own. */
function streamOf(transport: object): Duplex | null {
  return (transport as { socket: { _socket: Duplex | null } }).socket._socket;
}
