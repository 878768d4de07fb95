import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  alignCallWithRoom,
  applyDoorChange,
  applyMemberChange,
  type CallState,
  type CallStep,
  chainCallStep,
  endRingOfBlockedCaller,
  expelFromCall,
  renameUserInCall,
} from '@webcall/domain';
import { LiveStore } from '../../platform/live/live-store';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { type RoomEvent, RoomEvents } from '../../rooms/room-events';
import { RoomsService } from '../../rooms/rooms.service';
import { CallTransitions } from './call-transitions';
import { LocalSeats } from './local-seats';

/** How often running calls are compared with their rooms, in ms. */
const ROOM_SYNC_INTERVAL = 60_000;

/**
 * Keeps running calls in line with the members, names, roles and doors of their rooms. It follows the events of the
 * rooms and also compares regularly: the live store may be unavailable when a room changes, or a process may die before
 * it publishes the event.
 */
@Injectable()
export class CallRoomSync implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rooms: RoomsService,
    private readonly events: RoomEvents,
    private readonly live: LiveStore,
    private readonly local: LocalSeats,
    private readonly transitions: CallTransitions,
    private readonly background: BackgroundTasks,
  ) {}

  onModuleInit(): void {
    this.events.eventStream.subscribe((event) =>
      this.background.runInBackground('applying a room event to its call', () => this.applyRoomEvent(event)),
    );
    const syncCalls = (): void =>
      this.background.runInBackground('syncing calls with their rooms', () => this.syncLocalCalls());
    this.live.restored.subscribe(syncCalls);
    this.timer = setInterval(syncCalls, ROOM_SYNC_INTERVAL).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async applyRoomEvent(event: RoomEvent): Promise<void> {
    if (event.type === 'member_joined') return;
    await this.transitions.applyTransition(event.roomId, async (live) => {
      const step = live && (await this.stepForRoomEvent(live.call, event));
      return step && { step };
    });
  }

  private async stepForRoomEvent(call: CallState, event: RoomEvent): Promise<CallStep | undefined> {
    switch (event.type) {
      case 'member_left':
        return expelFromCall(call, event.userId);
      case 'member_changed': {
        // Read as late as possible: the last of two changes has to win, in whichever order their events are handled.
        const { members } = await this.rooms.loadMemberStandings(event.roomId, [event.userId]);
        const now = members.get(event.userId);
        return now && applyMemberChange(call, event.userId, now);
      }
      case 'member_blocked':
        return endRingOfBlockedCaller(call, event.userId, event.by);
      case 'door_changed':
        return applyDoorChange(call, event.door);
      default:
        return alignCallWithRoom(call, new Map(), 'locked');
    }
  }

  /** Syncs the calls in which this process holds a seat. */
  private async syncLocalCalls(): Promise<void> {
    for (const roomId of new Set(this.local.listLocalSeats().map((seat) => seat.roomId)))
      await this.syncCallWithRoom(roomId);
  }

  private async syncCallWithRoom(roomId: string): Promise<void> {
    await this.transitions.applyTransition(roomId, async (live) => {
      if (!live) return undefined;
      const { seats, knocks, barred, rings } = live.call;
      const users = [...seats, ...knocks, ...barred].map(({ userId }) => userId);
      const ringing = rings.flatMap(({ callerId, calleeId }) => [callerId, calleeId]);
      const { door, members } = await this.rooms.loadMemberStandings(roomId, [...users, ...ringing]);
      const roles = new Map([...members].map(([userId, { role }]) => [userId, role]));
      const step = [...members].reduce(
        (before, [userId, { name }]) => chainCallStep(before, (next) => renameUserInCall(next, userId, name)),
        alignCallWithRoom(live.call, roles, door),
      );
      return step.ok && step.changes.length > 0 ? { step } : undefined;
    });
  }
}
