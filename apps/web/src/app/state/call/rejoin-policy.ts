import { inject, Injectable } from '@angular/core';
import type { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';

/** Why this tab is no longer in a call that its user did not leave. */
export type CallEndReason = 'moved' | 'removed' | 'away' | 'full' | 'over';

/** After a longer absence (a closed lid) the user is not put back into a call by surprise. */
const MAX_ABSENCE_MS = 120_000;
/** Refusals of a rejoin, with the reason to show. */
const REFUSAL_REASONS: Partial<Record<ApiError['code'], CallEndReason>> = {
  call_full: 'full',
  already_in_call: 'moved',
  removed_from_call: 'removed',
};

/** Decides whether a device rejoins a call after it lost its seat with the connection. */
@Injectable({ providedIn: 'root' })
export class RejoinPolicy {
  private readonly realtime = inject(RealtimeClient);
  private lastSeen = 0;

  /** To be called while the device is in the call and connected. */
  recordLineUp(): void {
    this.lastSeen = Date.now();
  }

  /**
   * @returns why the device must not rejoin, or null: take a new seat
   * @throws ApiError
   */
  async findRejoinObstacle({ roomId, callId }: { roomId: string; callId: string }): Promise<CallEndReason | null> {
    if (Date.now() - this.lastSeen > MAX_ABSENCE_MS) return 'away';
    const { room, call } = await this.realtime.sendCommand('room:open', { roomId });
    // In a direct room the other user has hung up: in a new call the user would wait for them in vain.
    return room.kind === 'direct' && call?.callId !== callId ? 'over' : null;
  }

  /** @returns the reason to show when the server refuses the rejoin */
  callEndOfRefusal({ code }: ApiError): CallEndReason {
    return REFUSAL_REASONS[code] ?? 'away';
  }
}
