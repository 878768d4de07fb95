import { inject, Injectable } from '@angular/core';
import type { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';

/** Why this tab is no longer in a call without having asked for it. */
export type CallEnd = 'moved' | 'removed' | 'away' | 'full' | 'over';

/** After a longer absence (a closed lid) nobody is put back into a call by surprise. */
const MAX_ABSENCE = 120_000;
/** What keeps a device out that comes back. */
const REFUSED: Partial<Record<ApiError['code'], CallEnd>> = {
  call_full: 'full',
  already_in_call: 'moved',
  removed_from_call: 'removed',
};

/** Whether a device goes back into a call when its seat is gone, because the line was for too long. */
@Injectable({ providedIn: 'root' })
export class WayBack {
  private readonly realtime = inject(RealtimeClient);
  private lastSeen = 0;

  /** The device is in the call, and its line is up. */
  seen(): void {
    this.lastSeen = Date.now();
  }

  /**
   * @returns why there is no way back, or null: take a new seat
   * @throws ApiError
   */
  async closed({ roomId, callId }: { roomId: string; callId: string }): Promise<CallEnd | null> {
    if (Date.now() - this.lastSeen > MAX_ABSENCE) return 'away';
    const { room, call } = await this.realtime.send('room:open', { roomId });
    // Of two the other one has hung up: alone in a new call, one would wait for who said goodbye.
    return room.kind === 'direct' && call?.callId !== callId ? 'over' : null;
  }

  /** @returns why there is no way back, by what the server says to who tries it */
  refused({ code }: ApiError): CallEnd {
    return REFUSED[code] ?? 'away';
  }
}
