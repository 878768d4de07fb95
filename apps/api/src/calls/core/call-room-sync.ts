import { Injectable, type OnModuleInit } from '@nestjs/common';
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
import { LiveCalls } from './live-calls';
import { LocalSeats } from './local-seats';

/** How often running calls are compared with their rooms, in ms. */
export const ROOM_SYNC_INTERVAL_MS = 60_000;

type CallDecision = (call: CallState) => CallStep | undefined | Promise<CallStep | undefined>;

/**
 * Keeps running calls in line with the members, names, roles and doors of their rooms. It follows the events of the
 * rooms and also compares regularly: the live store may be unavailable when a room changes, or a process may die before
 * it publishes the event.
 */
@Injectable()
export class CallRoomSync implements OnModuleInit {
  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveStore,
    private readonly calls: LiveCalls,
    private readonly local: LocalSeats,
    private readonly transitions: CallTransitions,
    private readonly background: BackgroundTasks,
  ) {}

  onModuleInit(): void {
    const task = 'syncing calls with their rooms';
    const syncCalls = (): Promise<void> => this.syncLocalCalls();
    this.live.restored.subscribe(() => this.background.runInBackground(task, syncCalls));
    this.background.repeatInBackground(task, ROOM_SYNC_INTERVAL_MS, syncCalls);
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

  /** The only place where a locked door denies those who wait: whoever knocks at it later waits for an answer. */
  @OnEvent('room.door-changed')
  applyChangedDoor({ roomId }: { roomId: string }): void {
    this.applyInBackground(roomId, async (call) => {
      const { door } = await this.rooms.loadMemberStandings(
        roomId,
        call.seats.map(({ userId }) => userId),
      );
      return applyDoorChange(call, door);
    });
  }

  /** Nobody may be in the call of a room that is deleted or closed: it counts as empty. */
  @OnEvent('room.closed-changed')
  @OnEvent('room.deleted')
  applyChangedRoom({ roomId }: { roomId: string }): void {
    this.applyInBackground(roomId, (call) => this.alignWithPresentRoom(call));
  }

  /** The change of a room does not wait for the live store. */
  private applyInBackground(roomId: string, decide: CallDecision): void {
    this.background.runInBackground('applying a change of a room to its call', () => this.applyToCall(roomId, decide));
  }

  /** Syncs the calls in which this process holds a seat, but for those that only a newer release understands. */
  private async syncLocalCalls(): Promise<void> {
    const readable = await this.calls.loadLiveCalls(this.local.listLocalSeats().map(({ roomId }) => roomId));
    for (const { call } of readable) await this.applyToCall(call.roomId, (now) => this.alignWithPresentRoom(now));
  }

  private async applyToCall(roomId: string, decide: CallDecision): Promise<void> {
    await this.transitions.applyTransition(roomId, async (live) => {
      const step = live && (await decide(live.call));
      return step && { step };
    });
  }

  /** Reads the room as late as possible, as `applyChangedMember` does. */
  private async alignWithPresentRoom(call: CallState): Promise<CallStep | undefined> {
    const { roomId, seats, knocks, barred, rings } = call;
    const users = [...seats, ...knocks, ...barred].map(({ userId }) => userId);
    const ringing = rings.flatMap(({ callerId, calleeId }) => [callerId, calleeId]);
    const { door, members } = await this.rooms.loadMemberStandings(roomId, [...users, ...ringing]);
    const roles = new Map([...members].map(([userId, { role }]) => [userId, role]));
    const step = [...members].reduce(
      (before, [userId, { name }]) => chainCallStep(before, (next) => renameUserInCall(next, userId, name)),
      alignCallWithRoom(call, roles, door),
    );
    return step.ok && step.changes.length > 0 ? step : undefined;
  }
}
