import { inject, Injectable, signal } from '@angular/core';
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
   * The attempt's id is stored until an answer arrives, also over a reload: the refresh token changes with each
   * request, and without the id the server would take a repeat after a lost answer for a stolen token.
   */
  private async requestNewTokens(): Promise<SignedInDto> {
    const storedAttempt = this.storage.user.readValue(ATTEMPT_KEY);
    const attempt = typeof storedAttempt === 'string' ? storedAttempt : crypto.randomUUID();
    this.storage.user.storeValue(ATTEMPT_KEY, attempt);
    try {
      const answer = await sendHttpRequest(null, 'POST /auth/refresh', { body: { attempt } });
      this.storage.user.removeValue(ATTEMPT_KEY);
      return answer;
    } catch (error) {
      if (isApiError(error) && error.status > 0 && error.status < 500) this.storage.user.removeValue(ATTEMPT_KEY);
      throw error;
    }
  }
}

/** All tabs share the cookie, so only one may renew at a time. */
function withRefreshLock<T>(action: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request('webcall-refresh', action) : action();
}
