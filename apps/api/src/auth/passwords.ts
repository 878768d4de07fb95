import { availableParallelism } from 'node:os';
import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/bcrypt';
import { LIMITS } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import { AppError } from '../platform/http/app-error';
import { Turnstile } from './turnstile';

/** How many passwords are hashed at once: one core and most of libuv's threads stay free for everything else. */
const AT_ONCE = Math.max(1, Math.min(3, availableParallelism() - 1));

/** How many may wait for their turn; beyond that people wait longer than they would look at a spinner. */
const MAX_WAITING = 500;

/** Hashes passwords and compares them, off the event loop. */
@Injectable()
export class Passwords implements OnModuleInit {
  private readonly turnstile = new Turnstile(AT_ONCE, MAX_WAITING);
  private nobodys = '';

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    this.nobodys = await this.hash(randomBytes(16).toString('hex'));
  }

  /** @throws AppError password_too_long: bcrypt would leave out what is beyond 72 bytes */
  async hash(password: string): Promise<string> {
    if (Buffer.byteLength(password) > LIMITS.password.maxBytes) throw new AppError('password_too_long');
    const hashed = await this.turnstile.pass(() => hash(password, this.config.bcryptCost));
    // The library writes the prefix of another implementation for the same algorithm.
    return hashed.replace(/^\$2[ay]\$/, '$2b$');
  }

  /** @param stored null for a user who does not exist or has no password: that takes as long as a wrong password */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const fits = Buffer.byteLength(password) <= LIMITS.password.maxBytes;
    const same = await this.turnstile.pass(() => verify(password, stored ?? this.nobodys));
    return same && fits && stored !== null;
  }
}
