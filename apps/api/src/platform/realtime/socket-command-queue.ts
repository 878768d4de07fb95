import { Injectable } from '@nestjs/common';
import type { SocketCommandName } from '@webcall/contracts';
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '../http/app-error';
import type { ServerSocket } from './server-socket';

/** Commands about the user's own seat, knocks and rings: the result of each one depends on the ones before it. */
const ORDERED_COMMANDS = new Set<string>([
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
] satisfies SocketCommandName[]);

/**
 * Runs the commands of a socket in the order of their arrival, so that a leave never overtakes the join before it. A
 * command is validated and may be refused before its turn comes, so that nobody can fill the queue with invalid
 * commands.
 */
@Injectable()
export class SocketCommandQueue {
  private readonly lastBySocket = new WeakMap<ServerSocket, Promise<void>>();
  /** For the running command: settles when all commands before it have ended. */
  private readonly precedingCommands = new AsyncLocalStorage<Promise<void>>();

  /**
   * Starts a command at once. If it is ordered it gets its place in the queue, and waits for its turn where it calls
   * `runInCommandOrder`. Other commands neither wait nor delay others.
   */
  startCommandInQueue<T>(socket: ServerSocket, command: string, run: () => Promise<T>): Promise<T> {
    return ORDERED_COMMANDS.has(command)
      ? this.appendToQueue(socket, (before) => this.precedingCommands.run(before, run))
      : run();
  }

  /** Runs work once all earlier commands of the socket have ended. */
  async runInCommandOrder<T>(work: () => Promise<T>): Promise<T> {
    const before = this.precedingCommands.getStore();
    if (!before) throw new Error('a command that is not ordered has no turn');
    await before;
    return work();
  }

  /**
   * Runs work once all earlier commands of the socket have ended.
   * @throws AppError unavailable if the socket was closed: nothing would release what the command acquires now
   */
  runInTurnIfConnected<T>(socket: ServerSocket, work: () => Promise<T>): Promise<T> {
    return this.runInCommandOrder(() => {
      if (!socket.connected) throw new AppError('unavailable');
      return work();
    });
  }

  /** Runs the clean-up of a closed socket after all its commands. */
  runAfterCommands(socket: ServerSocket, work: () => Promise<void>): Promise<void> {
    return this.appendToQueue(socket, (before) => before.then(work));
  }

  private appendToQueue<T>(socket: ServerSocket, run: (before: Promise<void>) => Promise<T>): Promise<T> {
    const before = this.lastBySocket.get(socket) ?? Promise.resolve();
    const done = run(before);
    const settled = Promise.allSettled([before, done]).then(() => undefined);
    this.lastBySocket.set(socket, settled);
    return done;
  }
}
