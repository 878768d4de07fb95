import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { AppError, tooManyRequestsError } from '../../platform/http/app-error';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { LimitBudgets } from '../../platform/throttling/limit-budgets';
import { MemoryLimitStorage } from '../../platform/throttling/memory-limit-storage';
import { LiveCalls } from '../core/live-calls';
import { type LocalSeat, LocalSeats } from '../core/local-seats';
import { CALL_METRICS } from '../records/call-metrics';
import { type DeliveryOutcome, SignalDelivery } from './signal-delivery';

/** When a sender may try again after the receiver was behind, in ms. */
const CATCH_UP_RETRY = 1000;

/** What a signal takes beside its long text, in bytes. */
const SIGNAL_FRAME_SIZE = 200;

/** How often refused signals of the same sender are logged at most. */
const SENDER_LOG_LIMIT = { limit: 1, ttl: 10_000 };

/** The user who receives a signal. Without a socket the device is connected elsewhere, if at all. */
interface SignalReceiver {
  readonly userId: string;
  readonly connected: boolean;
  readonly socket?: ServerSocket;
}

/** Relays the signals by which two participants set up their link, without reading them. */
@Injectable()
export class SignalsService implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(SignalsService.name);
  private readonly named = new MemoryLimitStorage();

  constructor(
    private readonly calls: LiveCalls,
    private readonly local: LocalSeats,
    private readonly delivery: SignalDelivery,
    private readonly budgets: LimitBudgets,
    @InjectMetric(CALL_METRICS.signals) private readonly signals: Counter<'outcome'>,
  ) {}

  onModuleInit(): void {
    this.calls.callEvents.subscribe(({ change, holder }) => {
      if ('participant' in change) this.local.confirmSeatHolder(change.participant.id, holder);
    });
  }

  onApplicationBootstrap(): void {
    this.delivery.listenToReplicas();
  }

  /**
   * Resolves when the receiver has acknowledged. A signal without an id is only passed on: it cannot be told from its
   * repeat, so it is never sent again.
   * @throws AppError participant_away when it did not arrive: the sender sends the signal again when the other is back;
   *   too_many_requests when the sender sends too much, or the receiver is behind with reading
   */
  async relaySignal(socket: ServerSocket, { to, ...signal }: SignalSendDto): Promise<void> {
    const seat = this.local.requireSeatOfSocket(socket);
    if (!signal.description === !signal.candidate) {
      throw new AppError('invalid_input', { description: ['exactly one of description and candidate is needed'] });
    }
    if (to === seat.participantId) throw new AppError('participant_not_found');
    const event = { from: seat.participantId, ...signal };
    const receiver = this.findLocalReceiver(seat, to) ?? (await this.findReceiverInCall(seat, to));
    const { userId } = socket.data.principal;
    await this.spendSignalBudget(userId, receiver.userId, signalSizeOf(event));
    const delivery = await this.deliverSignal(receiver, to, event);
    this.signals.inc({ outcome: delivery });
    if (delivery === 'away') throw new AppError('participant_away');
    if (delivery === 'behind') {
      this.logRefusedSender(userId, receiver.userId, 'signals were refused because the receiver is behind');
      throw tooManyRequestsError(CATCH_UP_RETRY);
    }
  }

  /** If both seats are held in this process, the live store need not be read. */
  private findLocalReceiver(from: LocalSeat, to: string): SignalReceiver | undefined {
    const receiver = this.local.findConfirmedSeat(to);
    const bothHere = receiver?.roomId === from.roomId && this.local.findConfirmedSeat(from.participantId) === from;
    if (!bothHere || !receiver.socket.connected) return undefined;
    const { socket } = receiver;
    return { userId: socket.data.principal.userId, connected: true, socket };
  }

  private async findReceiverInCall(from: LocalSeat, to: string): Promise<SignalReceiver> {
    const live = await this.calls.loadLiveCall(from.roomId);
    if (live?.holders[from.participantId] !== from.socket.id) throw new AppError('not_in_call');
    const receiver = live.call.seats.find((other) => other.id === to);
    if (!receiver) throw new AppError('participant_not_found');
    return { userId: receiver.userId, connected: receiver.connected };
  }

  private deliverSignal(receiver: SignalReceiver, to: string, signal: SignalReceivedEvent): Promise<DeliveryOutcome> {
    if (receiver.socket) return this.delivery.deliverToSocket(receiver.socket, signal);
    return receiver.connected ? this.delivery.deliverToParticipant(to, signal) : Promise.resolve('away');
  }

  /** @throws AppError too_many_requests */
  private async spendSignalBudget(senderId: string, receiverId: string, size: number): Promise<void> {
    try {
      const pair = `${senderId}:${receiverId}`;
      await this.budgets.spendBudget(size, ['traffic:signals', senderId], ['traffic:signals:pair', pair]);
    } catch (error) {
      this.signals.inc({ outcome: 'over_budget' });
      this.logRefusedSender(senderId, receiverId, 'signals were refused because the sender sends too much');
      throw error;
    }
  }

  private logRefusedSender(senderId: string, receiverId: string, msg: string): void {
    if (this.named.countLimitUse('named', senderId, SENDER_LOG_LIMIT).isBlocked) return;
    this.logger.warn({ userId: senderId, receiverId, msg });
  }
}

/** @returns about how many bytes will be sent to the receiver: the long text, and what ids and names around it take */
function signalSizeOf({ description, candidate }: SignalReceivedEvent): number {
  return SIGNAL_FRAME_SIZE + Buffer.byteLength(description?.sdp ?? candidate?.candidate ?? '');
}
