import { Injectable, type OnModuleInit } from '@nestjs/common';
import { andThen, type CallState, type CallStep, changeRoleInCall, expel, hushRing, settleDoor } from '@webcall/domain';
import { Background } from '../platform/realtime/background';
import { type RoomEvent, RoomEvents } from '../rooms/room-events';
import { RoomsService } from '../rooms/rooms.service';
import { Seats } from './seats';

/** Keeps running calls in line with their rooms: who is a member, in which role, and who the door lets in. */
@Injectable()
export class RoomFollower implements OnModuleInit {
  constructor(
    private readonly rooms: RoomsService,
    private readonly events: RoomEvents,
    private readonly seats: Seats,
    private readonly background: Background,
  ) {}

  onModuleInit(): void {
    this.events.all.subscribe((event) => this.background.run('following a room', () => this.follow(event)));
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
        const role = await this.rooms.roleOf(event.roomId, event.userId);
        return role && changeRoleInCall(call, event.userId, role);
      }
      case 'member_blocked':
        return hushRing(call, event.userId, event.by);
      case 'door_changed':
        return settleDoor(call, event.door);
      default:
        return expelAll(call);
    }
  }
}

function expelAll(call: CallState): CallStep | undefined {
  const [first, ...others] = new Set(call.seats.map(({ userId }) => userId));
  if (first === undefined) return undefined;
  return others.reduce((step, userId) => andThen(step, (next) => expel(next, userId)), expel(call, first));
}
