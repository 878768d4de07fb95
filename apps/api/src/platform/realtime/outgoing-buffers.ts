import { Injectable, Logger } from '@nestjs/common';
import { PROTOCOL_LIMITS } from '@webcall/contracts';
import type { ServerSocket } from './server-socket';

/**
 * Measures the unsent data of the connections of this process. Users can hardly fill the buffers of others: the traffic
 * of each sender is limited (`traffic:` in the limits), and signals, which clients send again anyway, are refused while
 * the receiver is behind. So a connection with too much unsent data is one whose client does not read.
 */
@Injectable()
export class OutgoingBuffers {
  private readonly logger = new Logger(OutgoingBuffers.name);
  private readonly unsentLengths = new WeakMap<ServerSocket['conn'], number>();

  /**
   * Closes the connection if it has too much unsent data: a client that answers pings but does not read would fill the
   * memory. Its device may reconnect, and then requests what it has missed.
   */
  watchUnsentPackets({ conn, data }: ServerSocket): void {
    conn.on('packetCreate', ({ data: packet }: { data?: string | Buffer }) => {
      const unsentLength = (this.unsentLengths.get(conn) ?? 0) + (packet?.length ?? 0);
      this.unsentLengths.set(conn, unsentLength);
      if (unsentLength <= PROTOCOL_LIMITS.unsent.max || conn.readyState !== 'open') return;
      this.logger.warn({ userId: data.principal.userId, msg: 'closed a connection whose client does not read' });
      conn.close(true);
    });
    conn.on('flush', () => this.unsentLengths.delete(conn));
  }

  /** @returns whether the socket has so much unsent data that nothing should be added that can be sent later */
  isReceiverBehind({ conn }: ServerSocket): boolean {
    return (this.unsentLengths.get(conn) ?? 0) > PROTOCOL_LIMITS.unsent.behind;
  }
}
