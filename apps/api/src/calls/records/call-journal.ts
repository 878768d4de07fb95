import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type CallState, isOver, type Ring } from '@webcall/domain';
import { Entries } from '../../chat/entries';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import { Live } from '../../platform/live/live';
import { CallRecords, type EndNote } from './call-records';
import { NOTE_PATIENCE } from './call-times';
import type { CallTaken } from '../core/live-calls';
import { RingRecords, type RingsNote } from '../rings/ring-records';

type Note = ({ type: 'rings' } & RingsNote) | ({ type: 'ended' } & EndNote);

/**
 * Writes down what became of rings and calls: the rows, and the entries in their rooms. What is to be written is noted as
 * a lease first, so that it is written by another replica if this one dies, and later if the database is away; writing it
 * twice changes nothing.
 */
@Injectable()
export class CallJournal implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(CallJournal.name);
  private readonly keeper: LeaseKeeper;

  constructor(
    live: Live,
    private readonly entries: Entries,
    private readonly calls: CallRecords,
    private readonly rings: RingRecords,
  ) {
    this.keeper = new LeaseKeeper(live.leases('call-notes'), {
      name: 'call notes',
      ttlMs: NOTE_PATIENCE,
      onExpired: ({ member }) => this.write(JSON.parse(member) as Note),
    });
  }

  onModuleInit(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  /** Notes what a step has ended: rings, and the call. */
  async follow({ state, changes }: CallTaken): Promise<void> {
    const over = changes.flatMap((change) =>
      change.type === 'ring' && change.ring.status !== 'ringing' ? [change.ring] : [],
    );
    await this.noteRings(state, over);
    if (isOver(state)) await this.noteEnd({ callId: state.id, roomId: state.roomId, startedAt: state.startedAt });
  }

  /** Notes where rings of a call stand, all those of one attempt together. */
  async noteRings({ id, roomId }: CallState, rings: readonly Ring[]): Promise<void> {
    const at = Date.now();
    for (const ringId of new Set(rings.map((ring) => ring.id))) {
      const same = rings.filter((ring) => ring.id === ringId);
      const callerId = (same[0] as Ring).callerId;
      const statuses = same.map(({ calleeId, status }) => ({ calleeId, status }));
      await this.note({ type: 'rings', roomId, callId: id, ringId, callerId, rings: statuses, at });
    }
  }

  async noteEnd(call: Omit<EndNote, 'at'>): Promise<void> {
    await this.note({ type: 'ended', ...call, at: Date.now() });
  }

  async noteForgotten(rings: RingsNote): Promise<void> {
    await this.note({ type: 'rings', ...rings });
  }

  /** Whoever took the step has been heard: nobody is helped if they hear that it could not be written yet. */
  private async note(note: Note): Promise<void> {
    const lease = { group: note.callId, member: JSON.stringify(note) };
    const behind = (error: unknown): void =>
      this.logger.error({ err: error, callId: note.callId, msg: 'the rows of a call are behind' });
    // Without a note of it, it is written all the same.
    await this.keeper.abandon(lease).catch(behind);
    try {
      await this.write(note);
      await this.keeper.release(lease);
    } catch (error) {
      behind(error);
    }
  }

  private write(note: Note): Promise<void> {
    return this.entries.put(note.roomId, async (tx) => {
      if (note.type === 'ended') {
        await this.calls.ended(tx, note);
        return this.calls.entry(tx, note);
      }
      await this.rings.write(tx, note);
      return this.rings.entry(tx, note);
    });
  }
}
