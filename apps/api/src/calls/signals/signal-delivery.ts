import { Inject, Injectable } from '@nestjs/common';
import type { SignalReceivedEvent } from '@webcall/contracts';
import type { Redis } from 'ioredis';
import { Outgoing } from '../../platform/realtime/outgoing';
import { Realtime } from '../../platform/realtime/realtime';
import type { ServerSocket } from '../../platform/realtime/socket';
import { REDIS } from '../../platform/redis/redis.module';
import { LocalSeats } from '../core/local-seats';

/** The question of one replica to the others. */
const DELIVER = 'signal:deliver';

/** What became of a signal: it arrived, nobody acknowledged it, or its receiver is behind with reading. */
export type Delivery = 'delivered' | 'away' | 'behind';

/** Brings signals to the devices they are for, on whichever replica those are: only that one knows how far behind they are. */
@Injectable()
export class SignalDelivery {
  /** How long the receiver's device may take to acknowledge a signal, in ms. */
  readonly patience: number = 4000;

  constructor(
    private readonly realtime: Realtime,
    private readonly local: LocalSeats,
    private readonly outgoing: Outgoing,
    @Inject(REDIS) private readonly redis: Redis | null,
  ) {}

  /** Called once, when the server of the sockets is there. */
  listen(): void {
    this.realtime.server.on(
      DELIVER,
      (to: string, signal: SignalReceivedEvent, answer: (delivery: Delivery) => void) => {
        void this.toParticipantHere(to, signal).then(answer);
      },
    );
  }

  /** On whichever replica the participant is. A seat has two sockets while the new one takes it from one that lies dead. */
  toParticipant(to: string, signal: SignalReceivedEvent): Promise<Delivery> {
    const here = this.toParticipantHere(to, signal);
    return this.redis ? firstArrival([here, this.elsewhere(to, signal)]) : here;
  }

  async toSocket(socket: ServerSocket, signal: SignalReceivedEvent): Promise<Delivery> {
    if (!socket.connected) return 'away';
    if (this.outgoing.isBehind(socket)) return 'behind';
    const acknowledged = new Promise<Delivery>((resolve) => {
      const given = (error: unknown): void => resolve(error ? 'away' : 'delivered');
      socket.timeout(this.patience).emit('signal:received', signal, given);
    });
    return signal.id ? acknowledged : 'delivered';
  }

  private elsewhere(to: string, signal: SignalReceivedEvent): Promise<Delivery> {
    return new Promise<Delivery>((resolve) => {
      // A replica that hangs, or knows no such question, answers nothing. What the others say counts all the same: the
      // adapter hands it over after five seconds.
      const answered = (_: unknown, answers: readonly Delivery[] = []): void => resolve(best(answers));
      // The namespace would drop the promise of its adapter, which fails when Redis is away.
      const asked = this.realtime.server.of('/').adapter.serverSideEmit([DELIVER, to, signal, answered]) as unknown;
      Promise.resolve(asked).catch(() => resolve('away'));
    });
  }

  private toParticipantHere(to: string, signal: SignalReceivedEvent): Promise<Delivery> {
    return firstArrival(this.local.find(to).map(({ socket }) => this.toSocket(socket, signal)));
  }
}

/** @returns `delivered` as soon as one is, else what is to be said of all of them */
function firstArrival(deliveries: readonly Promise<Delivery>[]): Promise<Delivery> {
  return new Promise((resolve) => {
    for (const delivery of deliveries) void delivery.then((each) => each === 'delivered' && resolve(each));
    void Promise.all(deliveries).then((all) => resolve(best(all)));
  });
}

function best(deliveries: readonly Delivery[]): Delivery {
  return (['delivered', 'behind'] as const).find((each) => deliveries.includes(each)) ?? 'away';
}
