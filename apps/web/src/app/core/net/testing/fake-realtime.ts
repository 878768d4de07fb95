import { signal } from '@angular/core';
import type { CommandName, EventName, ServerToClient, SignalReceivedEvent } from '@webcall/contracts';
import { Subject } from 'rxjs';
import type { CommandAnswer, CommandData, EventData, SignalHandler } from '../realtime-client';

type Answer<C extends CommandName> = (data: CommandData<C>) => CommandAnswer<C> | Promise<CommandAnswer<C>>;

/** Stands in for RealtimeClient: commands are answered by the test, events come from it. */
export class FakeRealtime {
  private readonly subjects = new Map<EventName, Subject<unknown>>();
  private readonly answers = new Map<CommandName, (data: never) => unknown>();
  private readonly handlers = new Set<SignalHandler>();
  readonly status = signal<'connecting' | 'online' | 'offline'>('online');
  readonly reconnected = new Subject<void>();
  readonly connected = new Subject<void>();
  /** What was asked, in order. */
  readonly sent: { command: CommandName; data: unknown }[] = [];

  answer<C extends CommandName>(command: C, answer: Answer<C>): void {
    this.answers.set(command, answer);
  }

  dataOf<C extends CommandName>(command: C): CommandData<C>[] {
    return this.sent.filter((s) => s.command === command).map((s) => s.data as CommandData<C>);
  }

  async send(command: CommandName, data: unknown): Promise<unknown> {
    this.sent.push({ command, data });
    await Promise.resolve();
    return (await this.answers.get(command)?.(data as never)) ?? {};
  }

  on(event: EventName): Subject<unknown> {
    const subject = this.subjects.get(event) ?? new Subject();
    this.subjects.set(event, subject);
    return subject;
  }

  emit<E extends Exclude<EventName, 'signal:received'>>(event: E, data: EventData<E>): void {
    this.on(event).next(data);
  }

  onSignal(handler: ServerToClient['signal:received']): () => void {
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  /** @returns whether somebody acknowledged it */
  signal(event: SignalReceivedEvent): boolean {
    let acknowledged = false;
    for (const handler of this.handlers) handler(event, () => (acknowledged = true));
    return acknowledged;
  }
}

/** Lets promises run that wait for nothing but each other. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
