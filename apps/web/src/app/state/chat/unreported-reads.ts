import { inject, Injectable } from '@angular/core';
import { isApiError, isTransientError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';

/** Reports how far the user has read in rooms that they left before the server knew it, as while the line was cut. */
@Injectable({ providedIn: 'root' })
export class UnreportedReads {
  private readonly realtime = inject(RealtimeClient);
  private readonly user = inject(Session).user;
  private readonly positions = new Map<string, { userId: string; seq: number }>();

  constructor() {
    this.realtime.reconnected.subscribe(() => {
      for (const roomId of this.positions.keys()) void this.reportReadPosition(roomId);
    });
  }

  /** To be called when a room was left and its report has failed. */
  keepReadPosition(roomId: string, seq: number): void {
    const userId = this.user()?.id;
    if (userId !== undefined) this.positions.set(roomId, { userId, seq });
  }

  private async reportReadPosition(roomId: string): Promise<void> {
    const position = this.positions.get(roomId);
    this.positions.delete(roomId);
    // Somebody else has signed in meanwhile.
    if (!position || position.userId !== this.user()?.id) return;
    try {
      await this.realtime.sendCommand('chat:read', { roomId, seq: position.seq }, { volatile: true });
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isTransientError(error) && !this.positions.has(roomId)) this.positions.set(roomId, position);
    }
  }
}
