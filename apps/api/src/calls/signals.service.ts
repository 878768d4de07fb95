import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SignalReceivedEvent, SignalSendDto } from '@webcall/contracts';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { AppError } from '../platform/http/app-error';
import { Realtime } from '../platform/realtime/realtime';
import { socketRoom, type ServerSocket } from '../platform/realtime/socket';
import { CALL_METRICS } from './call-metrics';
import { LiveCalls } from './live-calls';
import { type LocalSeat, LocalSeats } from './local-seats';

/** How long the receiver's device may take to acknowledge a signal, in ms. */
const ACK_TIMEOUT = 4000;

/** Carries what two participants tell each other about their link, unread. */
@Injectable()
export class SignalsService implements OnModuleInit {
  constructor(
    private readonly realtime: Realtime,
    private readonly calls: LiveCalls,
    private readonly local: LocalSeats,
    @InjectMetric(CALL_METRICS.signals) private readonly signals: Counter<'outcome'>,
  ) {}

  onModuleInit(): void {
    this.calls.told.subscribe(({ change, holder }) => {
      if ('participant' in change) this.local.follow(change.participant.id, holder);
    });
  }

  /**
   * Ends when the receiver has acknowledged. A signal without an id cannot be told from its repeat, so nobody will send
   * it again: it is only passed on.
   * @throws AppError participant_away when it did not arrive: the sender sends the signal again when the other is back
   */
  async send(socket: ServerSocket, { to, ...signal }: SignalSendDto): Promise<void> {
    const seat = this.local.require(socket);
    if (!signal.description === !signal.candidate) {
      throw new AppError('invalid_input', { description: ['exactly one of description and candidate is needed'] });
    }
    if (to === seat.participantId) throw new AppError('participant_not_found');
    const event = { from: seat.participantId, ...signal };
    const arrived = await (this.deliverHere(seat, to, event) ?? this.deliverAnywhere(seat, to, event));
    this.signals.inc({ outcome: arrived ? 'delivered' : 'away' });
    if (!arrived) throw new AppError('participant_away');
  }

  /** When both hold their seats in this process, nobody else has to be asked. */
  private deliverHere(from: LocalSeat, to: string, signal: SignalReceivedEvent): Promise<boolean> | undefined {
    const receiver = this.local.holder(to);
    const both = receiver?.roomId === from.roomId && this.local.holder(from.participantId) === from;
    if (!both || !receiver.socket.connected) return undefined;
    const acknowledged = new Promise<boolean>((resolve) => {
      receiver.socket.timeout(ACK_TIMEOUT).emit('signal:received', signal, (error: unknown) => resolve(!error));
    });
    return signal.id ? acknowledged : Promise.resolve(true);
  }

  private async deliverAnywhere(from: LocalSeat, to: string, signal: SignalReceivedEvent): Promise<boolean> {
    const live = await this.calls.read(from.roomId);
    if (live?.holders[from.participantId] !== from.socket.id) throw new AppError('not_in_call');
    const receiver = live.call.seats.find((other) => other.id === to);
    if (!receiver) throw new AppError('participant_not_found');
    if (!receiver.connected) return false;
    const sockets = this.realtime.server.to(socketRoom.participant(to)).timeout(ACK_TIMEOUT);
    const acknowledged = new Promise<boolean>((resolve) => {
      // Without an answer in time there may still be one: from the new socket, while the old one lies dead.
      sockets.emit('signal:received', signal, (_: unknown, answers?: readonly unknown[]) => resolve(!!answers?.length));
    });
    return signal.id ? acknowledged : true;
  }
}
