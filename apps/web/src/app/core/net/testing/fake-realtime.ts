import { computed, signal } from '@angular/core';
import type { ServerToClientEvents, SignalReceivedEvent, SocketCommandName, SocketEventName } from '@webcall/contracts';
import { Subject } from 'rxjs';
import { ApiError } from '../api-error';
import type { CommandAnswer, CommandData, EventData, SignalHandler } from '../realtime-client';

type Answer<C extends SocketCommandName> = (data: CommandData<C>) => CommandAnswer<C> | Promise<CommandAnswer<C>>;

/** Replaces RealtimeClient in tests: the test answers commands and emits events. */
export class FakeRealtime {
  private readonly subjects = new Map<SocketEventName, Subject<unknown>>();
  private readonly answers = new Map<SocketCommandName, (data: never) => unknown>();
  private readonly handlers = new Set<SignalHandler>();
  readonly status = signal<'connecting' | 'online' | 'offline'>('online');
  readonly isCutOff = computed(() => this.status() === 'offline');
  readonly seemsCutOff = this.isCutOff;
  lastCutMs = 0;
  readonly reconnected = new Subject<void>();
  readonly connected = new Subject<void>();
  readonly loadRound = signal(1);
  /** The commands that were sent, in order. */
  readonly sent: { command: SocketCommandName; data: unknown }[] = [];

  constructor() {
    this.connected.subscribe(() => this.loadRound.update((round) => round + 1));
  }

  answerCommand<C extends SocketCommandName>(command: C, answer: Answer<C>): void {
    this.answers.set(command, answer);
  }

  sentDataOf<C extends SocketCommandName>(command: C): CommandData<C>[] {
    return this.sent.filter((s) => s.command === command).map((s) => s.data as CommandData<C>);
  }

  async sendCommand(command: SocketCommandName, data: unknown): Promise<unknown> {
    this.sent.push({ command, data });
    await Promise.resolve();
    return (await this.answers.get(command)?.(data as never)) ?? {};
  }

  requireLine(): void {
    if (this.isCutOff()) throw new ApiError('offline', 'There is no connection.');
  }

  observeEvents(event: SocketEventName): Subject<unknown> {
    const subject = this.subjects.get(event) ?? new Subject();
    this.subjects.set(event, subject);
    return subject;
  }

  emitServerEvent<E extends Exclude<SocketEventName, 'signal:received'>>(event: E, data: EventData<E>): void {
    this.observeEvents(event).next(data);
  }

  addSignalHandler(handler: ServerToClientEvents['signal:received']): () => void {
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  /** @returns whether a handler acknowledged it */
  deliverSignal(event: SignalReceivedEvent): boolean {
    let acknowledged = false;
    for (const handler of this.handlers) handler(event, () => (acknowledged = true));
    return acknowledged;
  }
}

/** Runs promises that only wait for each other. */
export async function flushPromises(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}
