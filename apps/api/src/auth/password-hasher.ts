import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/bcrypt';
import { PROTOCOL_LIMITS } from '@webcall/contracts';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { AppError } from '../platform/http/app-error';
import { FairQueue, type QueueTurn } from './fair-queue';

/** Number of passwords hashed at once: one core and most of libuv's threads stay free for everything else. */
const CONCURRENT_HASHES = Math.max(1, Math.min(3, availableParallelism() - 1));

/** How long a request waits for its passwords to be hashed, in ms: with the hashing, five seconds at most. */
const HASH_WAIT_LIMIT = 4000;

/** The place in the queue for hashing one password. */
interface HashTurn extends QueueTurn {
  /**
   * Changes by signed-in users (by user), new accounts with the right code, sign-ins, and sign-ins from addresses with
   * several recent failures (all three by address). No lane waits behind another.
   */
  readonly lane: 'account' | 'sign-up' | 'sign-in' | 'doubted sign-in';
}

/** Hashes and compares passwords off the event loop, in the order of a fair queue. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue = new FairQueue(CONCURRENT_HASHES, HASH_WAIT_LIMIT);
  private dummyHash = '';

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    this.dummyHash = await this.hashPassword(randomBytes(16).toString('hex'), { lane: 'account', key: 'nobody' });
  }

  /**
   * @param password in its normal form
   * @throws AppError password_too_long, since bcrypt would ignore everything beyond 72 bytes; too_busy
   */
  async hashPassword(password: string, turn: HashTurn): Promise<string> {
    if (isPasswordTooLong(password)) throw new AppError('password_too_long');
    const hashed = await this.queue.runInTurn(turn, () => hash(password, this.config.bcryptCost));
    // The library writes the prefix of another implementation for the same algorithm.
    return hashed.replace(/^\$2[ay]\$/, '$2b$');
  }

  /**
   * @param password one of the forms that a hash may have been made of; each takes a turn of its own
   * @param find loads the user to compare with, only when the turn comes: a rejected request costs no query
   * @returns the user, if the password is theirs; a missing user or password takes as long as a wrong password
   * @throws AppError too_busy
   */
  async findUserByPassword<U extends { passwordHash: string | null }>(
    password: string,
    find: () => Promise<U | null>,
    turn: HashTurn,
  ): Promise<U | null> {
    // No user has such a password, so the fast answer reveals nothing.
    if (isPasswordTooLong(password)) return null;
    return this.queue.runInTurn(turn, async () => {
      const user = await find();
      const same = await verify(password, user?.passwordHash ?? this.dummyHash);
      return same && user?.passwordHash ? user : null;
    });
  }
}

/** @returns whether a password has more bytes than bcrypt takes into account */
export function isPasswordTooLong(password: string): boolean {
  return Buffer.byteLength(password) > PROTOCOL_LIMITS.password.maxBytes;
}
