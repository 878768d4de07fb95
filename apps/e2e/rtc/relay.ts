import type { SignalSendDto } from '@webcall/contracts';
import {
  type CallState,
  type CallStep,
  createCall,
  joinCall,
  leaveCall,
  markSeatDisconnected,
  resumeSeat,
  type Seat,
  toClientParticipant,
  updateSeatMedia,
} from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import type { Incoming, RelayCommand, Seated } from './protocol';

/** What happens to a signal; a `lost` one is still acknowledged, which is the worst case. */
export type Fate = 'delivered' | 'refused' | 'lost' | 'twice' | 'unacknowledged' | { lateMs: number };

/** Delivers a message to a page. */
export type Deliver = (incoming: Incoming) => Promise<void>;

/** A minimal call server with the domain rules; the test decides the fate of each signal. */
export class Relay {
  private state: CallState = createCall(randomUUID(), { id: randomUUID(), kind: 'group' }, 0);
  private readonly deliveries = new Map<string, Deliver>();
  /** Decides what happens to each signal. */
  fate: (signal: SignalSendDto) => Fate = () => 'delivered';

  /** Connects a page. @returns the function that handles its commands */
  connect(deliver: Deliver): (command: RelayCommand) => Promise<Seated> {
    let selfId = '';
    return async (command) => {
      if (command.type === 'join') {
        selfId = randomUUID();
        this.deliveries.set(selfId, deliver);
        this.apply(joinCall(this.state, seatOf(selfId, command.media)), selfId);
      } else if (command.type === 'resume') {
        this.apply(resumeSeat(this.state, selfId, selfId, command.fresh), selfId);
      } else if (command.type === 'update') {
        this.apply(updateSeatMedia(this.state, selfId, command.media), selfId);
      } else if (command.type === 'leave') {
        this.deliveries.delete(selfId);
        this.apply(leaveCall(this.state, selfId, 'left'), selfId);
      } else {
        await this.pass(selfId, command.signal);
      }
      const others = this.state.seats.filter(({ id }) => id !== selfId);
      return { selfId, participants: others.map(toClientParticipant) };
    };
  }

  /** Cuts all sockets but not the media; `mend` undoes it. */
  cut(): void {
    this.fate = () => 'refused';
    for (const { id } of this.state.seats) this.apply(markSeatDisconnected(this.state, id), id);
  }

  /** Connects all sockets again and resumes the seats. */
  async mend(): Promise<void> {
    this.fate = () => 'delivered';
    for (const { id } of this.state.seats) this.apply(resumeSeat(this.state, id, id, false), id);
    await Promise.all([...this.deliveries.values()].map((deliver) => deliver({ type: 'reconnected' })));
  }

  private async pass(from: string, { to, ...rest }: SignalSendDto): Promise<void> {
    const deliver = this.deliveries.get(to);
    const fate = this.fate({ to, ...rest });
    if (fate === 'lost') return;
    if (!deliver || fate === 'refused') throw new Error('unreachable');
    if (typeof fate === 'object') await new Promise((resolve) => setTimeout(resolve, fate.lateMs));
    const incoming: Incoming = { type: 'signal', signal: { from, ...rest } };
    await deliver(incoming);
    if (fate === 'twice') await deliver(incoming);
    if (fate === 'unacknowledged') throw new Error('unacknowledged');
  }

  private apply(step: CallStep, by: string): void {
    if (!step.ok) throw new Error(step.refusal);
    this.state = step.state;
    for (const [id, deliver] of this.deliveries) {
      if (id === by) continue;
      for (const change of step.changes) void deliver({ type: 'change', change });
    }
  }
}

function seatOf(id: string, media: Seat['media']): Seat {
  const person = { id, userId: id, name: id, role: 'member' as const, media };
  return {
    ...person,
    held: [],
    hand: null,
    connected: true,
    incarnation: 0,
    sessionId: id,
    resumeKeyHash: id,
    takenAt: 0,
  };
}
