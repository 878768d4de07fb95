import { Injectable, Logger } from '@nestjs/common';
import { type CallState, isCallOver, type Ring } from '@webcall/domain';
import { RoomEntries } from '../../chat/room-entries';
import type { LeaseKeeper } from '../../platform/live/lease-keeper';
import { LeaseKeepers } from '../../platform/live/lease-keepers';
import type { AppliedCallStep } from '../core/live-calls';
import { type RingAttemptNote, RingRecords } from '../rings/ring-records';
import { type CallEndNote, CallRecords } from './call-records';
import { RECORD_TIMEOUT_MS } from './call-times';
import { JOURNAL_NOTE_LEASES, type JournalNote } from './journal-notes';

/**
 * Records who left, and how rings and calls ended: in their rows, and as entries in their rooms. Each note is stored as
 * a lease before it is written, so that another replica writes it if this one dies, and later if the database is
 * unavailable. Writing a note twice changes nothing.
 */
@Injectable()
export class CallJournal {
  private readonly logger = new Logger(CallJournal.name);
  private readonly keeper: LeaseKeeper<string, JournalNote>;

  constructor(
    keepers: LeaseKeepers,
    private readonly entries: RoomEntries,
    private readonly calls: CallRecords,
    private readonly rings: RingRecords,
  ) {
    this.keeper = keepers.createKeeper(keepers.createLeases(JOURNAL_NOTE_LEASES), {
      ttlMs: RECORD_TIMEOUT_MS,
      onExpired: ({ member: note }) => this.writeRowsAndEntry(note),
    });
  }

  /** Records the rings that a step has ended, and the participants who left, or the whole call if it is over. */
  async recordStepOutcome({ state, changes }: AppliedCallStep): Promise<void> {
    const endedRings = changes.flatMap((change) =>
      change.type === 'ring' && change.ring.status !== 'ringing' ? [change.ring] : [],
    );
    await this.recordRingStatuses(state, endedRings);
    if (isCallOver(state))
      return this.recordCallEnd({ callId: state.id, roomId: state.roomId, startedAt: state.startedAt });
    for (const change of changes) {
      if (change.type !== 'left') continue;
      const { participantId } = change;
      await this.recordJournalNote({ type: 'left', callId: state.id, participantId, at: Date.now() });
    }
  }

  /** Records the statuses of rings of a call, in one note per attempt. */
  async recordRingStatuses({ id, roomId }: CallState, rings: readonly Ring[]): Promise<void> {
    const at = Date.now();
    for (const ringId of new Set(rings.map((ring) => ring.id))) {
      const attempt = rings.filter((ring) => ring.id === ringId);
      const callerId = (attempt[0] as Ring).callerId;
      const statuses = attempt.map(({ calleeId, status }) => ({ calleeId, status }));
      await this.recordJournalNote({ type: 'rings', roomId, callId: id, ringId, callerId, rings: statuses, at });
    }
  }

  async recordCallEnd(call: Omit<CallEndNote, 'at'>): Promise<void> {
    await this.recordJournalNote({ type: 'ended', ...call, at: Date.now() });
  }

  async recordForgottenRings(rings: RingAttemptNote): Promise<void> {
    await this.recordJournalNote({ type: 'rings', ...rings });
  }

  /** Never fails: the step has already been applied, and a failed write is repeated when the lease expires. */
  private async recordJournalNote(note: JournalNote): Promise<void> {
    const lease = { group: note.callId, member: note };
    const logFailure = (error: unknown, msg: string): void =>
      this.logger.warn({ err: error, callId: note.callId, msg });
    // If the lease cannot be stored, the note is written all the same.
    try {
      await this.keeper.holdLeaseForOneTerm(lease);
    } catch (error) {
      logFailure(error, 'the lease of a call note could not be stored');
    }
    try {
      await this.writeRowsAndEntry(note);
      await this.keeper.releaseKeptLease(lease);
    } catch (error) {
      logFailure(error, 'the rows and the entry of a call could not be written');
    }
  }

  private writeRowsAndEntry(note: JournalNote): Promise<void> {
    if (note.type === 'left') return this.calls.markParticipantLeft(note);
    return this.entries.upsertEntry(note.roomId, async (tx) => {
      if (note.type === 'ended') {
        await this.calls.markCallEnded(tx, note);
        return this.calls.buildCallEntry(tx, note);
      }
      await this.rings.upsertRingRows(tx, note);
      return this.rings.buildRingEntry(tx, note);
    });
  }
}
