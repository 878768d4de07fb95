import { DestroyRef, Injectable, computed, effect, inject, signal } from '@angular/core';
import type { JoinAsGuestDto, LoginDto, RegisterDto, ResetPasswordDto, SignedInDto, UserDto } from '@webcall/contracts';
import { Access } from './access';
import { ApiClient } from '../net/api-client';
import { isApiError } from '../net/api-error';
import { PageLoader } from '../browser/page-loader';
import { BrowserStorage } from '../browser/storage';

/** Stands in the address of the sign-in page when the sessions ended because a reset link set a new password. */
export const PASSWORD_RESET = 'password_reset';

/** Who is signed in, as far as other tabs of this browser need to know. */
const SIGNED_IN = 'id';

/** How soon the server is asked again when it was out of reach at the start. */
const RETRY_DELAY = 3_000;

/** Who uses this browser. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(ApiClient);
  private readonly access = inject(Access);
  private readonly storage = inject(BrowserStorage);
  private readonly page = inject(PageLoader);

  /** The signed-in user; null when nobody is. */
  readonly user = computed<UserDto | null>(() => this.access.grant()?.user ?? null);

  /** Whether the server could not be asked at the start. */
  readonly unreachable = signal(false);

  private readonly leaving = signal(false);
  private settle!: () => void;
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** Resolves when it is known whether somebody is signed in. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  constructor() {
    effect(() => {
      const reason = this.access.lostBy();
      // Who signs out hears of the end of the session too, maybe before the answer.
      if (reason && !this.leaving())
        this.startOver(`/sign-in?ended=${reason.code}&next=${encodeURIComponent(this.page.here())}`);
    });
    const follow = (event: StorageEvent): void => this.followOtherTab(event);
    addEventListener('storage', follow);
    inject(DestroyRef).onDestroy(() => removeEventListener('storage', follow));
  }

  /** Goes on with the session that this browser has, if it has one; tries again while the server is out of reach. */
  async restore(): Promise<void> {
    clearTimeout(this.retry);
    try {
      if (this.storage.user.get(SIGNED_IN) !== null) this.begin((await this.access.refresh()).user);
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (error.status === 0 || error.status >= 500 || error.code === 'too_many_requests') {
        this.unreachable.set(true);
        this.retry = setTimeout(() => void this.restore(), RETRY_DELAY);
        return;
      }
      this.forget();
    }
    this.unreachable.set(false);
    this.settle();
  }

  async signIn(credentials: LoginDto): Promise<void> {
    this.begin(this.access.take(await this.api.post<SignedInDto>('/auth/login', credentials)).user);
  }

  async register(account: RegisterDto): Promise<void> {
    this.begin(this.access.take(await this.api.post<SignedInDto>('/auth/register', account)).user);
  }

  /** Goes into the room of an invitation without an account. */
  async joinAsGuest(code: string, guest: JoinAsGuestDto): Promise<void> {
    const path = `/invitations/${encodeURIComponent(code)}/guest`;
    this.begin(this.access.take(await this.api.post<SignedInDto>(path, guest)).user);
  }

  /** Takes in what the user has changed about themselves. */
  change(user: UserDto): void {
    this.access.describe(user);
  }

  /** Ends the session, also in other tabs, and forgets everything of the user in this browser. */
  async signOut(next = '/sign-in'): Promise<void> {
    this.leaving.set(true);
    try {
      await this.api.post('/auth/logout');
    } catch (error) {
      this.leaving.set(false);
      if (!isApiError(error, 'unauthorized', 'token_expired', 'session_ended')) throw error;
    }
    this.startOver(next);
  }

  /**
   * Sets a new password by a reset link, which ends all sessions of its user. It may be somebody else who is signed in
   * here: they are signed out, so that this browser keeps nothing of theirs.
   */
  async resetPassword(reset: ResetPasswordDto): Promise<void> {
    this.leaving.set(true);
    try {
      await this.api.post('/auth/reset-password', reset);
    } catch (error) {
      this.leaving.set(false);
      throw error;
    }
    if (this.storage.user.get(SIGNED_IN) !== null) await this.endHere();
    this.startOver(`/sign-in?ended=${PASSWORD_RESET}`);
  }

  /** Forgets the user in this browser and loads a page anew, so that nothing of theirs stays in memory. */
  startOver(path: string): void {
    this.forget();
    this.page.load(path);
  }

  /** The password is set, whether or not that reaches the server. */
  private async endHere(): Promise<void> {
    try {
      await this.api.post('/auth/logout');
    } catch (error) {
      if (!isApiError(error)) throw error;
    }
  }

  private begin(user: UserDto): void {
    this.storage.user.set(SIGNED_IN, user.id);
  }

  private forget(): void {
    this.access.drop();
    this.storage.user.clear();
    this.storage.tab.clear();
  }

  /** Another tab has signed in, out, or in as somebody else: the cookie is that of its session now. */
  private followOtherTab(event: StorageEvent): void {
    if (event.key !== null && event.key !== `webcall.user.${SIGNED_IN}`) return;
    const id = this.storage.user.get(SIGNED_IN);
    if (id === (this.user()?.id ?? null)) return;
    this.access.drop();
    this.storage.tab.clear();
    if (id === null) this.page.load('/sign-in');
    else this.page.reload();
  }
}
