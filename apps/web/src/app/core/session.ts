import { Injectable, computed, effect, inject, signal } from '@angular/core';
import type { JoinAsGuestDto, LoginDto, RegisterDto, SignedInDto, UserDto } from '@webcall/contracts';
import { Access } from './access';
import { ApiClient } from './api-client';
import { isApiError } from './api-error';
import { PageLoader } from './page-loader';
import { BrowserStorage } from './storage';

/** Who is signed in, as far as other tabs of this browser need to know. */
const SIGNED_IN = 'id';

/** Who uses this browser. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(ApiClient);
  private readonly access = inject(Access);
  private readonly storage = inject(BrowserStorage);
  private readonly page = inject(PageLoader);
  private readonly changed = signal<UserDto | null>(null);

  /** The signed-in user; null when nobody is. */
  readonly user = computed<UserDto | null>(() => {
    const granted = this.access.grant()?.user ?? null;
    const changed = this.changed();
    return granted && changed?.id === granted.id ? changed : granted;
  });

  /** Whether the server could not be asked at the start. */
  readonly unreachable = signal(false);

  constructor() {
    effect(() => {
      const reason = this.access.lostBy();
      if (reason) this.startOver(`/sign-in?ended=${reason.code}&next=${encodeURIComponent(this.page.here())}`);
    });
    addEventListener('storage', (event) => this.followOtherTab(event));
  }

  /** Goes on with the session that this browser has, if it has one. To be awaited before the first page. */
  async restore(): Promise<void> {
    this.unreachable.set(false);
    if (this.storage.user.get(SIGNED_IN) === null) return;
    try {
      this.begin(await this.access.refresh().then(({ user }) => user));
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (error.status > 0 && error.status < 500 && error.code !== 'too_many_requests') this.forget();
      else this.unreachable.set(true);
    }
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
    this.changed.set(user);
  }

  /** Ends the session, also in other tabs, and forgets everything of the user in this browser. */
  async signOut(): Promise<void> {
    try {
      await this.api.post('/auth/logout');
    } catch (error) {
      if (!isApiError(error, 'unauthorized', 'token_expired', 'session_ended')) throw error;
    }
    this.startOver('/sign-in');
  }

  /** Forgets the user in this browser and loads a page anew, so that nothing of theirs stays in memory. */
  startOver(path: string): void {
    this.forget();
    this.page.load(path);
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
    this.page.load(id === null ? '/sign-in' : '/');
  }
}
