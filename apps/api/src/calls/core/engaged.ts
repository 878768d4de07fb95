import { Injectable } from '@nestjs/common';
import type { Seat } from '@webcall/domain';
import { Subject } from 'rxjs';
import type { Occupied } from '../../platform/realtime/occupied';
import { CallRecords } from '../records/call-records';
import { LiveCalls } from './live-calls';

/**
 * Who is in which call. The rows say where to look and the live state who is there, so that nobody counts as engaged by
 * what a process that died has left behind.
 */
@Injectable()
export class Engaged implements Occupied {
  readonly changed = new Subject<string>();

  constructor(
    private readonly calls: LiveCalls,
    private readonly records: CallRecords,
  ) {}

  async roomsOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const asked = new Set(userIds);
    const running = await this.calls.running(await this.records.roomsOf([...asked]));
    const engaged = new Map<string, string[]>();
    for (const { roomId, seats } of running) {
      for (const userId of usersIn(seats)) {
        if (asked.has(userId)) engaged.set(userId, [...(engaged.get(userId) ?? []), roomId]);
      }
    }
    return engaged;
  }

  /** Tells who is engaged now and was not before, or the other way round, as far as this call goes. */
  follow(before: readonly Seat[], after: readonly Seat[]): void {
    const [then, now] = [usersIn(before), usersIn(after)];
    for (const userId of new Set([...then, ...now]))
      if (then.has(userId) !== now.has(userId)) this.changed.next(userId);
  }
}

function usersIn(seats: readonly Seat[]): Set<string> {
  return new Set(seats.map((seat) => seat.userId));
}
