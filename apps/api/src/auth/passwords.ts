import { availableParallelism } from 'node:os';
import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/bcrypt';
import { LIMITS } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { AppError } from '../platform/http/app-error';
import { FairQueue, type Turn } from './fair-queue';

/** How many passwords are hashed at once: one core and most of libuv's threads stay free for everything else. */
const AT_ONCE = Math.max(1, Math.min(3, availableParallelism() - 1));

/** How long a request waits for its passwords to be hashed, in ms: with the hashing that is five seconds at most. */
const PATIENCE = 4000;

/** Whom a password is hashed for. */
interface HashTurn extends Turn {
  /**
   * Changes by people who are signed in (by user), new accounts with the right code, sign-ins, and sign-ins from where
   * several have failed of late (by address). None of them waits behind another.
   */
  readonly lane: 'account' | 'sign-up' | 'sign-in' | 'doubted sign-in';
}

/** Hashes passwords and compares them, off the event loop, in fair turns. */
@Injectable()
export class Passwords implements OnModuleInit {
  private readonly queue = new FairQueue(AT_ONCE, PATIENCE);
  private nobodys = '';

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    this.nobodys = await this.hash(randomBytes(16).toString('hex'), { lane: 'account', key: 'nobody' });
  }

  /** @throws AppError password_too_long: bcrypt would leave out what is beyond 72 bytes; too_busy */
  async hash(password: string, turn: HashTurn): Promise<string> {
    if (isTooLong(password)) throw new AppError('password_too_long');
    const hashed = await this.queue.run(turn, () => hash(password, this.config.bcryptCost));
    // The library writes the prefix of another implementation for the same algorithm.
    return hashed.replace(/^\$2[ay]\$/, '$2b$');
  }

  /**
   * @param find looks up whose password it may be, when it is their turn: whoever is turned away costs no query
   * @returns the user, if it is theirs; nobody, or one without a password, takes as long as a wrong password
   * @throws AppError too_busy
   */
  async matching<U extends { passwordHash: string | null }>(
    password: string,
    find: () => Promise<U | null>,
    turn: HashTurn,
  ): Promise<U | null> {
    // It is nobody's, and says nothing about anybody.
    if (isTooLong(password)) return null;
    return this.queue.run(turn, async () => {
      const user = await find();
      const same = await verify(password, user?.passwordHash ?? this.nobodys);
      return same && user?.passwordHash ? user : null;
    });
  }
}

function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > LIMITS.password.maxBytes;
}
