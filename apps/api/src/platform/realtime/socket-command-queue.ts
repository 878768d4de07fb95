import { Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '../http/app-error';
import type { ServerSocket } from './server-socket';

/**
 * Runs the ordered commands of a socket in the order of their arrival, so that a leave never overtakes the join before
 * it. Other commands neither wait nor delay others. A command is validated and may be refused before its turn comes, so
 * that nobody can fill the queue with invalid commands.
 */
@Injectable()
export class SocketCommandQueue {
  private readonly lastBySocket = new WeakMap<ServerSocket, Promise<void>>();
  /** For the running command: settles when all commands before it have ended. */
  private readonly precedingCommands = new AsyncLocalStorage<Promise<void>>();

  /** Starts an ordered command at once; it waits for its turn where it calls `runInCommandOrder`. */
  startCommandInQueue<T>(socket: ServerSocket, run: () => Promise<T>): Promise<T> {
    return this.appendToQueue(socket, (before) => this.precedingCommands.run(before, run));
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
