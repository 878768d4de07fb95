import { Inject, Injectable } from '@nestjs/common';
import type { SignalReceivedEvent } from '@webcall/contracts';
import type { Redis } from 'ioredis';
import { OutgoingBuffers } from '../../platform/realtime/outgoing-buffers';
import { Realtime } from '../../platform/realtime/realtime';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { REDIS_CLIENT } from '../../platform/redis/redis.module';
import { LocalSeats } from '../core/local-seats';

/** Event by which a replica asks the others to deliver a signal. */
const DELIVER_SIGNAL = 'signal:deliver';

/** Outcome of a signal: it arrived, nobody acknowledged it, or too much sent to its receiver is still unread. */
export type DeliveryOutcome = 'delivered' | 'away' | 'behind';

/**
 * Delivers signals on the replica of the receiving device: only that one knows how much the device has not read yet.
 */
@Injectable()
export class SignalDelivery {
  /** How long the receiver's device may take to acknowledge a signal, in ms. */
  readonly acknowledgeTimeoutMs: number = 4000;

  constructor(
    private readonly realtime: Realtime,
    private readonly local: LocalSeats,
    private readonly outgoing: OutgoingBuffers,
    @Inject(REDIS_CLIENT) private readonly redis: Redis | null,
  ) {}

  /** Called once, when the socket server exists. */
  listenToReplicas(): void {
    this.realtime.socketServer.on(
      DELIVER_SIGNAL,
      (to: string, signal: SignalReceivedEvent, answer: (delivery: DeliveryOutcome) => void) => {
        void this.deliverOnThisReplica(to, signal).then(answer);
      },
    );
  }

  /** On any replica: a seat has two sockets while a new one takes it over from a dead one. */
  deliverToParticipant(to: string, signal: SignalReceivedEvent): Promise<DeliveryOutcome> {
    const localDelivery = this.deliverOnThisReplica(to, signal);
    return this.redis ? firstDeliveryOutcome([localDelivery, this.deliverOnOtherReplicas(to, signal)]) : localDelivery;
  }

  deliverToSocket(socket: ServerSocket, signal: SignalReceivedEvent): Promise<DeliveryOutcome> {
    if (!socket.connected) return Promise.resolve('away');
    if (this.outgoing.isReceiverBehind(socket)) return Promise.resolve('behind');
    return new Promise((resolve) => {
      socket
        .timeout(this.acknowledgeTimeoutMs)
        .emit('signal:received', signal, (error: unknown) => resolve(error ? 'away' : 'delivered'));
      if (!signal.id) resolve('delivered');
    });
  }

  private deliverOnOtherReplicas(to: string, signal: SignalReceivedEvent): Promise<DeliveryOutcome> {
    return new Promise<DeliveryOutcome>((resolve) => {
      // A replica that hangs, or does not know this event, never answers. The adapter then passes on the answers of the
      // others after five seconds.
      const onAnswers = (_: unknown, answers: readonly DeliveryOutcome[] = []): void =>
        resolve(bestDeliveryOutcome(answers));
      // Called on the adapter, as the namespace drops its promise, which is rejected when Redis is unavailable.
      const emitted = this.realtime.socketServer
        .of('/')
        .adapter.serverSideEmit([DELIVER_SIGNAL, to, signal, onAnswers]) as unknown;
      Promise.resolve(emitted).catch(() => resolve('away'));
    });
  }

  private deliverOnThisReplica(to: string, signal: SignalReceivedEvent): Promise<DeliveryOutcome> {
    return firstDeliveryOutcome(
      this.local.findSeatsOfParticipant(to).map(({ socket }) => this.deliverToSocket(socket, signal)),
    );
  }
}

/** @returns `delivered` as soon as one delivery is, otherwise the best outcome once all have settled */
function firstDeliveryOutcome(deliveries: readonly Promise<DeliveryOutcome>[]): Promise<DeliveryOutcome> {
  return new Promise((resolve) => {
    for (const delivery of deliveries) void delivery.then((each) => each === 'delivered' && resolve(each));
    void Promise.all(deliveries).then((all) => resolve(bestDeliveryOutcome(all)));
  });
}

function bestDeliveryOutcome(deliveries: readonly DeliveryOutcome[]): DeliveryOutcome {
  return (['delivered', 'behind'] as const).find((each) => deliveries.includes(each)) ?? 'away';
}
