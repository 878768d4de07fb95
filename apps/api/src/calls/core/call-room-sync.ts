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
import { type DomainEvents, OnEvent } from '../../platform/events/domain-events';
import { LiveStore } from '../../platform/live/live-store';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
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
    private readonly live: LiveStore,
    private readonly local: LocalSeats,
    private readonly transitions: CallTransitions,
    private readonly background: BackgroundTasks,
  ) {}

  onModuleInit(): void {
    const syncCalls = (): void =>
      this.background.runInBackground('syncing calls with their rooms', () => this.syncLocalCalls());
    this.live.restored.subscribe(syncCalls);
    this.timer = setInterval(syncCalls, ROOM_SYNC_INTERVAL).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  @OnEvent('member.left')
  expelLeaver({ roomId, userId }: DomainEvents['member.left']): void {
    this.applyInBackground(roomId, (call) => expelFromCall(call, userId));
  }

  @OnEvent('member.changed')
  applyChangedMember({ roomId, userId }: DomainEvents['member.changed']): void {
    this.applyInBackground(roomId, async (call) => {
      // Read as late as possible: the last of two changes has to win, in whichever order their events are handled.
      const { members } = await this.rooms.loadMemberStandings(roomId, [userId]);
      const now = members.get(userId);
      return now && applyMemberChange(call, userId, now);
    });
  }

  @OnEvent('member.blocked')
  silenceBlockedRing({ roomId, userId, by }: DomainEvents['member.blocked']): void {
    this.applyInBackground(roomId, (call) => endRingOfBlockedCaller(call, userId, by));
  }

  @OnEvent('room.door-changed')
  applyChangedDoor({ roomId, door }: DomainEvents['room.door-changed']): void {
    this.applyInBackground(roomId, (call) => applyDoorChange(call, door));
  }

  @OnEvent('room.deleted')
  emptyCallOfDeletedRoom({ roomId }: DomainEvents['room.deleted']): void {
    this.applyInBackground(roomId, emptyCall);
  }

  @OnEvent('room.closed-changed')
  emptyCallOfClosedRoom({ roomId, closed }: DomainEvents['room.closed-changed']): void {
    if (closed) this.applyInBackground(roomId, emptyCall);
  }

  /** The change of a room does not wait for the live store. */
  private applyInBackground(
    roomId: string,
    decide: (call: CallState) => CallStep | undefined | Promise<CallStep | undefined>,
  ): void {
    this.background.runInBackground('applying a change of a room to its call', () =>
      this.transitions.applyTransition(roomId, async (live) => {
        const step = live && (await decide(live.call));
        return step && { step };
      }),
    );
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

/** Nobody may be in the call of a room that is gone or closed. */
function emptyCall(call: CallState): CallStep {
  return alignCallWithRoom(call, new Map(), 'locked');
}
