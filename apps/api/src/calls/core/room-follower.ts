import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  alignCall,
  type CallState,
  type CallStep,
  andThen,
  changeMemberInCall,
  expel,
  hushRing,
  renameInCall,
  settleDoor,
} from '@webcall/domain';
import { Live } from '../../platform/live/live';
import { Background } from '../../platform/realtime/background';
import { type RoomEvent, RoomEvents } from '../../rooms/room-events';
import { RoomsService } from '../../rooms/rooms.service';
import { LocalSeats } from './local-seats';
import { Seats } from './seats';

/** How often running calls are compared with their rooms, in ms. */
const ALIGN_EVERY = 60_000;

/**
 * Keeps running calls in line with their rooms: who is a member, by which name and in which role, and who the door lets in.
 * Rooms change also while the store of the calls is away, and a process may die before it tells: that is made up for.
 */
@Injectable()
export class RoomFollower implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rooms: RoomsService,
    private readonly events: RoomEvents,
    private readonly live: Live,
    private readonly local: LocalSeats,
    private readonly seats: Seats,
    private readonly background: Background,
  ) {}

  onModuleInit(): void {
    this.events.all.subscribe((event) => this.background.run('following a room', () => this.follow(event)));
    const align = (): void => this.background.run('aligning calls with their rooms', () => this.alignAll());
    this.live.restored.subscribe(align);
    this.timer = setInterval(align, ALIGN_EVERY).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async follow(event: RoomEvent): Promise<void> {
    if (event.type === 'member_joined') return;
    await this.seats.take(event.roomId, async (live) => {
      const step = live && (await this.stepFor(live.call, event));
      return step && { step };
    });
  }

  private async stepFor(call: CallState, event: RoomEvent): Promise<CallStep | undefined> {
    switch (event.type) {
      case 'member_left':
        return expel(call, event.userId);
      case 'member_changed': {
        // Asked for at the last moment: of two changes the later one counts, in whichever order they are followed.
        const { members } = await this.rooms.standingOf(event.roomId, [event.userId]);
        const now = members.get(event.userId);
        return now && changeMemberInCall(call, event.userId, now);
      }
      case 'member_blocked':
        return hushRing(call, event.userId, event.by);
      case 'door_changed':
        return settleDoor(call, event.door);
      default:
        return alignCall(call, new Map(), 'locked');
    }
  }

  /** The calls in which this process holds a seat. */
  private async alignAll(): Promise<void> {
    for (const roomId of new Set(this.local.all().map((seat) => seat.roomId))) await this.align(roomId);
  }

  private async align(roomId: string): Promise<void> {
    await this.seats.take(roomId, async (live) => {
      if (!live) return undefined;
      const { seats, knocks, barred, rings } = live.call;
      const users = [...seats, ...knocks, ...barred].map(({ userId }) => userId);
      const ringing = rings.flatMap(({ callerId, calleeId }) => [callerId, calleeId]);
      const { door, members } = await this.rooms.standingOf(roomId, [...users, ...ringing]);
      const roles = new Map([...members].map(([userId, { role }]) => [userId, role]));
      const step = [...members].reduce(
        (before, [userId, { name }]) => andThen(before, (next) => renameInCall(next, userId, name)),
        alignCall(live.call, roles, door),
      );
      return step.ok && step.changes.length > 0 ? { step } : undefined;
    });
  }
}
