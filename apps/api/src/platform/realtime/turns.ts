import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { CommandName } from '@webcall/contracts';
import { AppError } from '../http/app-error';
import type { ServerSocket } from './socket';

/** Commands about the own place in calls, and answers to rings: what one does decides what the next one finds. */
const ORDERED = new Set<string>([
  'call:join',
  'call:resume',
  'call:leave',
  'call:update',
  'ice:get',
  'knock:start',
  'knock:cancel',
  'ring:start',
  'ring:cancel',
  'ring:accept',
  'ring:decline',
  'ring:hold',
] satisfies CommandName[]);

/**
 * What a socket asks for, in the order in which it does so: a leave never overtakes the join before it. The place of a
 * command is that of its arrival. It is looked at and may be refused before its turn comes, so that nobody fills the
 * queue with what is refused anyway.
 */
@Injectable()
export class Turns {
  private readonly last = new WeakMap<ServerSocket, Promise<void>>();
  /** Of the command that runs: what has to end before its turn comes. */
  private readonly before = new AsyncLocalStorage<Promise<void>>();

  /** Runs a command from its arrival to its end. One that is not ordered waits for nothing, and nothing for it. */
  arrived<T>(socket: ServerSocket, command: string, run: () => Promise<T>): Promise<T> {
    return ORDERED.has(command) ? this.queue(socket, (before) => this.before.run(before, run)) : run();
  }

  /** Waits for the turn of the command that runs. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.before.getStore();
    if (!before) throw new Error('a command that is not ordered has no turn');
    await before;
    return work();
  }

  /**
   * Waits for the turn of the command that runs.
   * @throws AppError unavailable when the end of the socket has been dealt with: nobody would notice what it takes now
   */
  whileConnected<T>(socket: ServerSocket, work: () => Promise<T>): Promise<T> {
    return this.inTurn(() => {
      if (!socket.connected) throw new AppError('unavailable');
      return work();
    });
  }

  /** Deals with the end of a socket, after everything that it has asked for. */
  afterAll(socket: ServerSocket, work: () => Promise<void>): Promise<void> {
    return this.queue(socket, (before) => before.then(work));
  }

  private queue<T>(socket: ServerSocket, run: (before: Promise<void>) => Promise<T>): Promise<T> {
    const before = this.last.get(socket) ?? Promise.resolve();
    const done = run(before);
    const both = Promise.allSettled([before, done]).then(() => undefined);
    this.last.set(socket, both);
    return done;
  }
}
