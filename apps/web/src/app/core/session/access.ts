import { Injectable, inject, signal } from '@angular/core';
import type { RefreshDto, SignedInDto, UserDto } from '@webcall/contracts';
import { type ApiError, isApiError } from '../net/api-error';
import { request } from '../net/http';
import { BrowserStorage } from '../browser/storage';

/** An access token with the user it speaks for. */
export interface Grant extends Pick<SignedInDto, 'user'> {
  token: string;
  /** When it ends, by `performance.now()`: the clock on the wall may be wrong. */
  endsAt: number;
}

const ATTEMPT = 'refresh-attempt';

/** Holds the access token, in memory only, and renews it by the cookie that scripts cannot see. */
@Injectable({ providedIn: 'root' })
export class Access {
  private readonly storage = inject(BrowserStorage);
  private readonly current = signal<Grant | null>(null);
  private refreshing: Promise<Grant> | null = null;

  readonly grant = this.current.asReadonly();

  /** Why the grant was lost without being asked; null as long as all is well. */
  readonly lostBy = signal<ApiError | null>(null);

  take({ accessToken, expiresIn, user }: SignedInDto): Grant {
    const grant = { token: accessToken, endsAt: performance.now() + expiresIn * 1000, user };
    this.lostBy.set(null);
    this.current.set(grant);
    return grant;
  }

  /** The user has changed something about themselves. */
  describe(user: UserDto): void {
    this.current.update((grant) => grant && { ...grant, user });
  }

  drop(): void {
    this.current.set(null);
  }

  /** The session is over: not by the user's wish. */
  lose(reason: ApiError): void {
    if (!this.current()) return;
    this.current.set(null);
    this.lostBy.set(reason);
  }

  /**
   * A new access token; callers at the same time share one request.
   * @throws ApiError; the grant is lost if the server ended the session, and kept if it was only out of reach
   */
  refresh(): Promise<Grant> {
    this.refreshing ??= this.refreshAlone().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async refreshAlone(): Promise<Grant> {
    try {
      return this.take(await exclusively(() => this.request()));
    } catch (error) {
      if (isApiError(error, 'unauthorized', 'session_ended', 'token_expired')) this.lose(error);
      throw error;
    }
  }

  /**
   * The attempt is kept until an answer arrives, also over a reload: the refresh token changes with each request, and
   * without it a repeat after a lost answer would be taken for a stolen token.
   */
  private async request(): Promise<SignedInDto> {
    const kept = this.storage.user.get(ATTEMPT);
    const attempt = typeof kept === 'string' ? kept : crypto.randomUUID();
    this.storage.user.set(ATTEMPT, attempt);
    try {
      const answer = await request<SignedInDto>({
        method: 'POST',
        path: '/auth/refresh',
        body: { attempt } satisfies RefreshDto,
      });
      this.storage.user.remove(ATTEMPT);
      return answer;
    } catch (error) {
      if (isApiError(error) && error.status > 0 && error.status < 500) this.storage.user.remove(ATTEMPT);
      throw error;
    }
  }
}

/** All tabs share the cookie, so only one may renew at a time. */
function exclusively<T>(action: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request('webcall-refresh', action) : action();
}
