import { computed, DestroyRef, effect, inject, Injectable, signal } from '@angular/core';
import type { JoinAsGuestDto, LoginDto, RegisterDto, ResetPasswordDto, SignedInDto, UserDto } from '@webcall/contracts';
import { BrowserLocation } from '../browser/browser-location';
import { BrowserStorage } from '../browser/browser-storage';
import { handleStartFailure } from '../browser/start-failure';
import { ApiClient } from '../net/api-client';
import { isApiError } from '../net/api-error';
import { RetryBackoff } from '../net/retry-backoff';
import { AccessTokenStore } from './access-token-store';

/** The reason in the address of the sign-in page after a reset link set a new password and ended all sessions. */
export const PASSWORD_RESET_REASON = 'password_reset';

/** The storage key of the signed-in user's id, by which other tabs notice a change of the user. */
const SIGNED_IN_USER_KEY = 'id';

/** People look at an empty page while the server cannot be reached at the start: so the pauses hardly grow. */
const START_PAUSES = { first: 2_000, longest: 3_000 };

/** The signed-in user of this browser: signing in and out, and restoring the session. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(ApiClient);
  private readonly access = inject(AccessTokenStore);
  private readonly storage = inject(BrowserStorage);
  private readonly page = inject(BrowserLocation);

  /** The signed-in user; null when nobody is. */
  readonly user = computed<UserDto | null>(() => this.access.grant()?.user ?? null);

  /** Whether the server could not be reached at the start. */
  readonly unreachable = signal(false);

  private readonly leaving = signal(false);
  private settle!: () => void;
  private readonly retry = new RetryBackoff(() => void this.restoreSession(), START_PAUSES);

  /** Resolves when it is known whether somebody is signed in. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  constructor() {
    effect(() => {
      const reason = this.access.lostBy();
      // Signing out ends the session too, and its event may come before the answer.
      if (reason && !this.leaving())
        this.forgetUserAndLoad(`/sign-in?ended=${reason.code}&next=${encodeURIComponent(this.page.currentAddress())}`);
    });
    const listening = new AbortController();
    inject(DestroyRef).onDestroy(() => listening.abort());
    addEventListener('storage', (event) => this.handleOtherTabChange(event), listening);
    addEventListener('pagehide', () => this.hideFromPageCache(), listening);
    addEventListener('pageshow', (event) => this.handleReturnFromPageCache(event), listening);
  }

  /** Continues this browser's session, if there is one; tries again while the server cannot be reached. */
  async restoreSession(): Promise<void> {
    try {
      if (this.storage.user.readValue(SIGNED_IN_USER_KEY) !== null)
        this.rememberUser((await this.access.refreshAccessGrant()).user);
    } catch (error) {
      if (!isApiError(error)) return handleStartFailure(error);
      if (error.status === 0 || error.status >= 500 || error.code === 'too_many_requests') {
        this.unreachable.set(true);
        return this.retry.scheduleRetry();
      }
      this.forgetUser();
    }
    this.retry.resetBackoff();
    this.unreachable.set(false);
    this.settle();
  }

  async signInWithPassword(credentials: LoginDto): Promise<void> {
    this.beginSession(await this.api.sendRequest('POST /auth/login', { body: credentials }));
  }

  async registerAndSignIn(account: RegisterDto): Promise<void> {
    this.beginSession(await this.api.sendRequest('POST /auth/register', { body: account }));
  }

  /** Joins the room of an invitation without an account. */
  async joinRoomAsGuest(code: string, guest: JoinAsGuestDto): Promise<void> {
    this.beginSession(await this.api.sendRequest('POST /invitations/:code/guest', { code, body: guest }));
  }

  /** Replaces the user after a change of their account. */
  updateSignedInUser(user: UserDto): void {
    this.access.updateGrantUser(user);
  }

  /** Ends the session, also in other tabs, and removes everything of the user from this browser. */
  async signOutUser(next = '/sign-in'): Promise<void> {
    this.leaving.set(true);
    try {
      await this.api.sendRequest('POST /auth/logout');
    } catch (error) {
      this.leaving.set(false);
      if (!isApiError(error, 'unauthorized', 'token_expired', 'session_ended')) throw error;
    }
    this.forgetUserAndLoad(next);
  }

  /**
   * Sets a new password by a reset link, which ends all sessions of its user. The user signed in here may be another
   * one: they are signed out, so that this browser keeps nothing of theirs.
   */
  async resetPasswordByLink(reset: ResetPasswordDto): Promise<void> {
    this.leaving.set(true);
    try {
      await this.api.sendRequest('POST /auth/reset-password', { body: reset });
    } catch (error) {
      this.leaving.set(false);
      throw error;
    }
    if (this.storage.user.readValue(SIGNED_IN_USER_KEY) !== null) await this.endLocalSession();
    this.forgetUserAndLoad(`/sign-in?ended=${PASSWORD_RESET_REASON}`);
  }

  /** Removes the user from this browser and replaces the document, so that nothing of theirs can come back. */
  forgetUserAndLoad(path: string): void {
    this.forgetUser();
    this.page.replaceDocument(path);
  }

  /** Ignores a failure: the password is already set. */
  private async endLocalSession(): Promise<void> {
    try {
      await this.api.sendRequest('POST /auth/logout');
    } catch (error) {
      if (!isApiError(error)) throw error;
    }
  }

  private beginSession(signedIn: SignedInDto): void {
    this.rememberUser(this.access.storeAccessGrant(signedIn).user);
  }

  private rememberUser(user: UserDto): void {
    this.storage.user.storeValue(SIGNED_IN_USER_KEY, user.id);
  }

  private forgetUser(): void {
    this.access.clearAccessGrant();
    this.storage.user.clearStoredValues();
    this.storage.tab.clearStoredValues();
  }

  /** Another tab has signed in or out, or changed the user: the cookie belongs to that tab's session now. */
  private handleOtherTabChange(event: StorageEvent): void {
    if (event.key !== null && event.key !== `webcall.user.${SIGNED_IN_USER_KEY}`) return;
    const id = this.storage.user.readValue(SIGNED_IN_USER_KEY);
    if (id === (this.user()?.id ?? null)) return;
    this.access.clearAccessGrant();
    this.storage.tab.clearStoredValues();
    if (id === null) return this.page.replaceDocument('/sign-in');
    this.page.hideDocument();
    this.page.reloadDocument();
  }

  /**
   * Browsers keep a document that is left, and show it again by Back as it was. Nobody tells it then whether its session
   * has ended meanwhile, here or elsewhere: so it is kept without anything to see, and is loaded anew.
   */
  private hideFromPageCache(): void {
    if (this.user()) this.page.hideDocument();
  }

  private handleReturnFromPageCache({ persisted }: PageTransitionEvent): void {
    if (persisted) this.page.reloadDocument();
  }
}
