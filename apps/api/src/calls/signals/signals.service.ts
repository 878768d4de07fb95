import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { AppError } from '../../platform/http/app-error';
import type { ServerSocket } from '../../platform/realtime/socket';
import { Budgets } from '../../platform/throttling/budgets';
import { MemoryStorage } from '../../platform/throttling/memory-storage';
import { tooMany } from '../../platform/throttling/too-many';
import { CALL_METRICS } from '../records/call-metrics';
import { LiveCalls } from '../core/live-calls';
import { type LocalSeat, LocalSeats } from '../core/local-seats';
import { type Delivery, SignalDelivery } from './signal-delivery';

/** After which time a receiver that is behind may have caught up, in ms. */
const CATCH_UP = 1000;

/** How often the log names the same sender at most. */
const NAMED = { limit: 1, ttl: 10_000 };

/** Whom a signal is for. */
interface Receiver {
  readonly userId: string;
  readonly delivery: () => Promise<Delivery>;
}

/** Carries what two participants tell each other about their link, unread. */
@Injectable()
export class SignalsService implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(SignalsService.name);
  private readonly named = new MemoryStorage();

  constructor(
    private readonly calls: LiveCalls,
    private readonly local: LocalSeats,
    private readonly delivery: SignalDelivery,
    private readonly budgets: Budgets,
    @InjectMetric(CALL_METRICS.signals) private readonly signals: Counter<'outcome'>,
  ) {}

  onModuleInit(): void {
    this.calls.told.subscribe(({ change, holder }) => {
      if ('participant' in change) this.local.follow(change.participant.id, holder);
    });
  }

  onApplicationBootstrap(): void {
    this.delivery.listen();
  }

  /**
   * Ends when the receiver has acknowledged. A signal without an id cannot be told from its repeat, so nobody will send
   * it again: it is only passed on.
   * @throws AppError participant_away when it did not arrive: the sender sends the signal again when the other is back;
   *   too_many_requests when the sender sends too much, or the receiver is behind with reading
   */
  async send(socket: ServerSocket, { to, ...signal }: SignalSendDto): Promise<void> {
    const seat = this.local.require(socket);
    if (!signal.description === !signal.candidate) {
      throw new AppError('invalid_input', { description: ['exactly one of description and candidate is needed'] });
    }
    if (to === seat.participantId) throw new AppError('participant_not_found');
    const event = { from: seat.participantId, ...signal };
    const receiver = this.receiverHere(seat, to, event) ?? (await this.receiverAnywhere(seat, to, event));
    const { userId } = socket.data.principal;
    await this.spend(userId, receiver.userId, sizeOf(event));
    const delivery = await receiver.delivery();
    this.signals.inc({ outcome: delivery });
    if (delivery === 'away') throw new AppError('participant_away');
    if (delivery === 'behind') {
      this.name(userId, receiver.userId, 'signals were refused: the receiver is behind');
      throw tooMany(CATCH_UP);
    }
  }

  /** When both hold their seats in this process, nobody else has to be asked. */
  private receiverHere(from: LocalSeat, to: string, signal: SignalReceivedEvent): Receiver | undefined {
    const receiver = this.local.holder(to);
    const both = receiver?.roomId === from.roomId && this.local.holder(from.participantId) === from;
    if (!both || !receiver.socket.connected) return undefined;
    const { userId } = receiver.socket.data.principal;
    return { userId, delivery: () => this.delivery.toSocket(receiver.socket, signal) };
  }

  private async receiverAnywhere(from: LocalSeat, to: string, signal: SignalReceivedEvent): Promise<Receiver> {
    const live = await this.calls.read(from.roomId);
    if (live?.holders[from.participantId] !== from.socket.id) throw new AppError('not_in_call');
    const receiver = live.call.seats.find((other) => other.id === to);
    if (!receiver) throw new AppError('participant_not_found');
    const { userId, connected } = receiver;
    return { userId, delivery: async () => (connected ? this.delivery.toParticipant(to, signal) : 'away') };
  }

  /** @throws AppError too_many_requests */
  private async spend(senderId: string, receiverId: string, size: number): Promise<void> {
    try {
      const pair = `${senderId}:${receiverId}`;
      await this.budgets.spend(size, ['traffic:signals', senderId], ['traffic:signals:pair', pair]);
    } catch (error) {
      this.signals.inc({ outcome: 'over_budget' });
      this.name(senderId, receiverId, 'signals were refused: their sender sends too much');
      throw error;
    }
  }

  private name(senderId: string, receiverId: string, msg: string): void {
    if (this.named.count('named', senderId, NAMED).isBlocked) return;
    this.logger.warn({ userId: senderId, receiverId, msg });
  }
}

/** @returns about how many bytes the receiver will be sent */
function sizeOf(event: SignalReceivedEvent): number {
  return Buffer.byteLength(JSON.stringify(event));
}
