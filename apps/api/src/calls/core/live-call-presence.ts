import { Injectable } from '@nestjs/common';
import type { Seat } from '@webcall/domain';
import { Subject } from 'rxjs';
import type { CallPresence } from '../../platform/ports';
import { CallRecords } from '../records/call-records';
import { LiveCalls } from './live-calls';

/**
 * Finds out which users are in which calls. The rows say where to look and the live state who is really there, so that
 * rows left behind by a crashed process make nobody seem to be in a call.
 */
@Injectable()
export class LiveCallPresence implements CallPresence {
  readonly changed = new Subject<string>();

  constructor(
    private readonly calls: LiveCalls,
    private readonly records: CallRecords,
  ) {}

  async loadCallRoomIds(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const asked = new Set(userIds);
    const running = await this.calls.loadLiveCalls(await this.records.findRoomsOfParticipants([...asked]));
    const roomIdsByUser = new Map<string, string[]>();
    for (const { call } of running) {
      const { roomId, seats } = call;
      for (const userId of userIdsOfSeats(seats)) {
        if (asked.has(userId)) roomIdsByUser.set(userId, [...(roomIdsByUser.get(userId) ?? []), roomId]);
      }
    }
    return roomIdsByUser;
  }

  /** Emits the users who came into the call or left it with all their seats. */
  announceSeatChanges(before: readonly Seat[], after: readonly Seat[]): void {
    const [then, now] = [userIdsOfSeats(before), userIdsOfSeats(after)];
    for (const userId of new Set([...then, ...now]))
      if (then.has(userId) !== now.has(userId)) this.changed.next(userId);
  }
}

function userIdsOfSeats(seats: readonly Seat[]): Set<string> {
  return new Set(seats.map((seat) => seat.userId));
}
