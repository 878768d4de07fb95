import { Injectable, Logger } from '@nestjs/common';
import { LIMITS } from '@webcall/contracts';
import type { ServerSocket } from './socket';

/**
 * What waits for the connections of this process. Hardly anybody can fill somebody else's buffer: what one person may have sent to
 * others is limited (`traffic:` in the limits), and what is sent again anyway, signals, is refused to the sender while the
 * receiver is behind. So a connection for which too much waits all the same is one that does not read.
 */
@Injectable()
export class Outgoing {
  private readonly logger = new Logger(Outgoing.name);
  private readonly waiting = new WeakMap<ServerSocket['conn'], number>();

  /**
   * Ends the connection when too much waits for it: a client that does not read, but answers pings, would fill the memory.
   * Its device may come back, and asks for what it has missed.
   */
  watch({ conn, data }: ServerSocket): void {
    conn.on('packetCreate', ({ data: packet }: { data?: string | Buffer }) => {
      const waiting = (this.waiting.get(conn) ?? 0) + (packet?.length ?? 0);
      this.waiting.set(conn, waiting);
      if (waiting <= LIMITS.unsent.max || conn.readyState !== 'open') return;
      this.logger.warn({ userId: data.principal.userId, msg: 'a connection that does not read was closed' });
      conn.close(true);
    });
    conn.on('flush', () => this.waiting.delete(conn));
  }

  /** @returns whether so much waits for the socket that nothing should be added that can be sent later */
  isBehind({ conn }: ServerSocket): boolean {
    return (this.waiting.get(conn) ?? 0) > LIMITS.unsent.behind;
  }
}
