import { inject, Injectable, signal } from '@angular/core';
import { createUuidV7 } from '@webcall/base';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { BrowserStorage } from '../browser/browser-storage';
import { type ApiError, isApiError } from '../net/api-error';
import { sendHttpRequest } from '../net/http-request';

/** An access token and its user. */
export interface AccessGrant extends Pick<SignedInDto, 'user'> {
  token: string;
  /** When it ends, by `performance.now()`, because the device's clock may be wrong. */
  endsAt: number;
}

const ATTEMPT_KEY = 'refresh-attempt';

/** Holds the access token, in memory only, and renews it with the cookie that scripts cannot read. */
@Injectable({ providedIn: 'root' })
export class AccessTokenStore {
  private readonly storage = inject(BrowserStorage);
  private readonly current = signal<AccessGrant | null>(null);
  private refreshing: Promise<AccessGrant> | null = null;

  readonly grant = this.current.asReadonly();

  /** Why the grant was lost although the user did not sign out; null as long as all is well. */
  readonly lostBy = signal<ApiError | null>(null);

  storeAccessGrant({ accessToken, expiresIn, user }: SignedInDto): AccessGrant {
    // Before the first refresh, which several tabs may begin at once.
    if (!hasLocks()) this.loadAttemptId();
    const grant = { token: accessToken, endsAt: performance.now() + expiresIn * 1000, user };
    this.lostBy.set(null);
    this.current.set(grant);
    return grant;
  }

  /** Replaces the user after a change of their account. */
  updateGrantUser(user: UserDto): void {
    this.current.update((grant) => grant && { ...grant, user });
  }

  clearAccessGrant(): void {
    this.current.set(null);
  }

  /** The session has ended although the user did not sign out. */
  loseAccessGrant(reason: ApiError): void {
    if (!this.current()) return;
    this.current.set(null);
    this.lostBy.set(reason);
  }

  /**
   * Requests a new access token; concurrent callers share one request.
   * @throws ApiError; the grant is lost if the server ended the session, and kept if the server could not be reached
   */
  refreshAccessGrant(): Promise<AccessGrant> {
    this.refreshing ??= this.refreshUnshared().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async refreshUnshared(): Promise<AccessGrant> {
    try {
      return this.storeAccessGrant(await withRefreshLock(() => this.requestNewTokens()));
    } catch (error) {
      if (isApiError(error, 'unauthorized', 'session_ended', 'token_expired')) this.loseAccessGrant(error);
      throw error;
    }
  }

  /**
   * The refresh token changes with each request. By the id of the attempt the server tells a repeat from a stolen token.
   * It is stored until an answer arrives, also over a reload. Without locks all tabs share one for as long as somebody
   * is signed in, for they may refresh at once: only on pages without https, where a thief can read along anyway.
   */
  private async requestNewTokens(): Promise<SignedInDto> {
    const attempt = this.loadAttemptId();
    try {
      const answer = await sendHttpRequest(null, 'POST /auth/refresh', { body: { attempt } });
      this.endAttempt();
      return answer;
    } catch (error) {
      if (isApiError(error) && error.status > 0 && error.status < 500) this.endAttempt();
      throw error;
    }
  }

  private endAttempt(): void {
    if (hasLocks()) this.storage.user.removeValue(ATTEMPT_KEY);
  }

  private loadAttemptId(): string {
    const stored = this.storage.user.readValue(ATTEMPT_KEY);
    if (typeof stored === 'string') return stored;
    const id = createUuidV7();
    this.storage.user.storeValue(ATTEMPT_KEY, id);
    return id;
  }
}

/** Browsers have none on pages without https. */
const hasLocks = (): boolean => Boolean(navigator.locks);

/** All tabs share the cookie, so only one renews at a time. */
function withRefreshLock<T>(action: () => Promise<T>): Promise<T> {
  return hasLocks() ? navigator.locks.request('webcall-refresh', action) : action();
}
