import type { CallPerson, CallState, Participant, RingStatus } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import type { RoomEntry } from '../../chat/room-entries';
import type { MemoryRoomEntries } from '../../chat/testing/memory-room-entries';
import type { MemoryRooms } from '../../rooms/testing/memory-rooms';
import type { CallEndNote, CallRecords, ParticipantLeftNote } from '../records/call-records';
import type { RingAttemptNote, RingRecords } from '../rings/ring-records';

interface CallRow extends Omit<CallEndNote, 'at'> {
  startedBy: string;
  endedAt: number | null;
}

interface ParticipantRow extends CallPerson {
  id: string;
  callId: string;
  leftAt: number | null;
}

/** The rows of calls, kept in the memory of this process. */
export class MemoryCallRecords implements Pick<CallRecords, keyof CallRecords> {
  readonly calls: CallRow[] = [];
  readonly participants: ParticipantRow[] = [];

  constructor(private readonly entries: MemoryRoomEntries) {}

  async insertParticipant(
    { id: callId, roomId, startedAt }: CallState,
    { id, userId, name }: Participant,
  ): Promise<CallRow[]> {
    const leftOver = this.calls.filter((row) => row.roomId === roomId && row.callId !== callId && row.endedAt === null);
    for (const row of leftOver) row.endedAt = Date.now();
    if (!this.calls.some((row) => row.callId === callId))
      this.calls.push({ callId, roomId, startedAt, startedBy: userId, endedAt: null });
    this.participants.push({ id, callId, userId, name, leftAt: null });
    return leftOver;
  }

  async markParticipantLeft({ participantId, at }: ParticipantLeftNote): Promise<void> {
    for (const row of this.participants) if (row.id === participantId) row.leftAt ??= at;
  }

  async markCallEnded(_tx: EntityManager, { callId, at }: CallEndNote): Promise<void> {
    for (const row of this.calls) if (row.callId === callId) row.endedAt ??= at;
    for (const row of this.participants) if (row.callId === callId) row.leftAt ??= at;
  }

  async buildCallEntry(
    _tx: EntityManager,
    { callId, roomId, startedAt, at }: CallEndNote,
  ): Promise<RoomEntry | undefined> {
    const call = this.calls.find((row) => row.callId === callId);
    const came = new Map(
      this.participants.filter((row) => row.callId === callId).map(({ userId, name }) => [userId, { userId, name }]),
    );
    if (!call || came.size < 2) return undefined;
    const content: RoomEntry['content'] = {
      type: 'call',
      callId,
      durationMs: at - startedAt,
      people: [...came.values()],
    };
    return { id: this.entries.deriveEntryId(roomId, 'call', callId), authorId: call.startedBy, content };
  }

  async listUnendedCalls(): Promise<CallRow[]> {
    return this.calls.filter(({ endedAt }) => endedAt === null);
  }

  async findRoomsOfParticipants(userIds: readonly string[]): Promise<string[]> {
    const calls = this.participants.filter(({ userId, leftAt }) => leftAt === null && userIds.includes(userId));
    const running = await this.listUnendedCalls();
    return running.filter(({ callId }) => calls.some((row) => row.callId === callId)).map(({ roomId }) => roomId);
  }
}

interface RingRow {
  ringId: string;
  callId: string;
  callerId: string | null;
  calleeId: string;
  status: RingStatus;
}

/** The rows of rings, kept in memory. Unlike in production, rings missed in a row each get their own entry. */
export class MemoryRingRecords implements Pick<RingRecords, keyof RingRecords> {
  private readonly all: RingRow[] = [];

  constructor(
    private readonly entries: MemoryRoomEntries,
    private readonly rooms: MemoryRooms,
  ) {}

  async upsertRingRows(_tx: EntityManager, { ringId, callId, callerId, rings }: RingAttemptNote): Promise<void> {
    for (const { calleeId, status } of rings) {
      const row = this.all.find((other) => other.ringId === ringId && other.calleeId === calleeId);
      if (!row) this.all.push({ ringId, callId, callerId, calleeId, status });
      else if (row.status === 'ringing' || (row.status === 'accepted' && status === 'missed')) row.status = status;
    }
  }

  async isRingOfAnotherCall(ringId: string, callId: string): Promise<boolean> {
    return this.all.some((row) => row.ringId === ringId && row.callId !== callId);
  }

  async buildRingEntry(
    _tx: EntityManager,
    { roomId, ringId, callId, callerId }: RingAttemptNote,
  ): Promise<RoomEntry | undefined> {
    const rows = this.all.filter((row) => row.ringId === ringId && !['ringing', 'accepted'].includes(row.status));
    if (rows.length === 0) return undefined;
    const callees = rows.map(({ calleeId, status }) => ({
      userId: calleeId,
      name: this.rooms.requirePerson(calleeId).name,
      status: status as 'declined' | 'cancelled' | 'missed',
    }));
    const id = this.entries.deriveEntryId(roomId, 'ring', `${callId} ${ringId} ${callerId}`);
    return { id, authorId: callerId, content: { type: 'ring', callId, callees } };
  }

  async listForgottenRings(): Promise<RingAttemptNote[]> {
    return [];
  }

  /** @returns the statuses of the rings of one attempt, by callee */
  ringStatusesByCallee(ringId: string): Record<string, RingStatus> {
    const rows = this.all.filter((row) => row.ringId === ringId);
    return Object.fromEntries(rows.map(({ calleeId, status }) => [calleeId, status]));
  }
}
