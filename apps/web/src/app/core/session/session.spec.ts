import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { BrowserLocation } from '../browser/browser-location';
import { BrowserStorage } from '../browser/browser-storage';
import { ApiError } from '../net/api-error';
import { errorBodyOf, FakeFetch } from '../net/testing/fake-fetch';
import { AccessTokenStore } from './access-token-store';
import { Session } from './session';

const user: UserDto = { id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const signedIn: SignedInDto = { accessToken: 't1', expiresIn: 900, user };

describe('Session', () => {
  let server: FakeFetch;
  let session: Session;
  let loaded: string[];

  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    loaded = [];
    server = new FakeFetch();
    const loader: BrowserLocation = {
      currentAddress: () => '/r/1',
      loadAddress: (path) => loaded.push(path),
      reloadDocument: () => loaded.push('again'),
      hideDocument: () => loaded.push('nothing'),
      replaceDocument: (path) => loaded.push(`only ${path}`),
    };
    TestBed.configureTestingModule({ providers: [{ provide: BrowserLocation, useValue: loader }] });
    session = TestBed.inject(Session);
  });

  afterEach(() => server.restoreFetch());

  it('sends no request in a browser where nobody has signed in', async () => {
    await session.restoreSession();
    await session.settled;
    expect(session.user()).toBeNull();
    expect(server.requests).toHaveLength(0);
  });

  it('continues a session after a reload', async () => {
    server.queueAnswer(200, signedIn);
    await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
    TestBed.inject(AccessTokenStore).clearAccessGrant();
    server.queueAnswer(200, signedIn);
    await session.restoreSession();
    expect(session.user()?.username).toBe('anna');
  });

  it('reports an unreachable server instead of signing out, and settles when it is back', async () => {
    TestBed.inject(BrowserStorage).user.storeValue('id', 'u1');
    server.queueFailure(new TypeError('Failed to fetch'));
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    await session.restoreSession();
    expect(session.unreachable()).toBe(true);
    server.queueAnswer(200, signedIn);
    jest.advanceTimersByTime(2_000);
    await session.settled;
    jest.useRealTimers();
    expect(session.unreachable()).toBe(false);
    expect(session.user()?.id).toBe('u1');
  });

  it('shows an error that nobody expected at the start instead of waiting without end', async () => {
    TestBed.inject(BrowserStorage).user.storeValue('id', 'u1');
    const missing = new TypeError('crypto.randomUUID is not a function');
    jest.spyOn(TestBed.inject(AccessTokenStore), 'refreshAccessGrant').mockRejectedValue(missing);
    await session.restoreSession();
    expect(document.querySelector('[role=alert]')?.textContent).toContain('could not be started');
  });

  it('removes everything of the user on sign-out and keeps the preferences of the browser', async () => {
    const storage = TestBed.inject(BrowserStorage);
    server.queueAnswer(200, signedIn);
    await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
    storage.browser.storeValue('theme', 'dark');
    storage.user.storeValue('drafts', { r1: 'hello' });
    storage.tab.storeValue('seat', 'key');
    server.queueAnswer(204);
    await session.signOutUser();
    expect(session.user()).toBeNull();
    expect(Object.keys(localStorage)).toEqual(['webcall.theme']);
    expect(Object.keys(sessionStorage)).toEqual([]);
    expect(loaded).toEqual(['only /sign-in']);
  });

  it('keeps the session when signing out did not reach the server', async () => {
    server.queueAnswer(200, signedIn);
    await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
    server.queueFailure(new TypeError('Failed to fetch'));
    await expect(session.signOutUser()).rejects.toMatchObject({ code: 'offline' });
    expect(session.user()?.id).toBe('u1');
  });

  it('opens the sign-in page with reason and return path when the session was ended elsewhere', async () => {
    server.queueAnswer(200, signedIn);
    await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
    server.queueAnswer(401, errorBodyOf('session_ended'));
    await expect(TestBed.inject(AccessTokenStore).refreshAccessGrant()).rejects.toMatchObject({
      code: 'session_ended',
    });
    TestBed.tick();
    expect(loaded).toEqual(['only /sign-in?ended=session_ended&next=%2Fr%2F1']);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('shows no reason after signing out, also when the session ends before the answer', async () => {
    server.queueAnswer(200, signedIn);
    await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
    server.queueAnswer(204, {});
    const signingOut = session.signOutUser();
    TestBed.inject(AccessTokenStore).loseAccessGrant(new ApiError('session_ended', ''));
    TestBed.tick();
    await signingOut;
    TestBed.tick();
    expect(loaded).toEqual(['only /sign-in']);
  });

  describe('by a reset link', () => {
    const reset = { token: 'from the link', newPassword: 'staple of the sea' };
    const requestedPaths = (): string[] => server.requests.map(({ url }) => url.replace('/api/v1', ''));

    it('signs out the user of this browser, who may be another one', async () => {
      server.queueAnswer(200, signedIn);
      await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
      server.queueAnswer(204);
      server.queueAnswer(204);
      await session.resetPasswordByLink(reset);
      expect(requestedPaths()).toEqual(['/auth/login', '/auth/reset-password', '/auth/logout']);
      expect(session.user()).toBeNull();
      expect(loaded).toEqual(['only /sign-in?ended=password_reset']);
    });

    it('goes on when signing out fails: the password is set', async () => {
      server.queueAnswer(200, signedIn);
      await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
      server.queueAnswer(204);
      server.queueFailure(new TypeError('Failed to fetch'));
      await session.resetPasswordByLink(reset);
      expect(session.user()).toBeNull();
      expect(loaded).toEqual(['only /sign-in?ended=password_reset']);
    });

    it('signs nobody out when the link is refused', async () => {
      server.queueAnswer(200, signedIn);
      await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
      server.queueAnswer(400, errorBodyOf('reset_link_invalid'));
      await expect(session.resetPasswordByLink(reset)).rejects.toMatchObject({ code: 'reset_link_invalid' });
      expect(requestedPaths()).toEqual(['/auth/login', '/auth/reset-password']);
      expect(session.user()?.id).toBe('u1');
      expect(loaded).toEqual([]);
    });

    it('has nobody to sign out in a browser where nobody is signed in', async () => {
      server.queueAnswer(204);
      await session.resetPasswordByLink(reset);
      expect(requestedPaths()).toEqual(['/auth/reset-password']);
    });
  });

  it('follows another tab that signed out', async () => {
    server.queueAnswer(200, signedIn);
    await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
    localStorage.removeItem('webcall.user.id');
    dispatchEvent(new StorageEvent('storage', { key: 'webcall.user.id' }));
    expect(session.user()).toBeNull();
    expect(loaded).toEqual(['only /sign-in']);
  });

  describe('in the page cache of the browser', () => {
    const leave = (): boolean => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    const comeBack = (persisted: boolean): boolean => dispatchEvent(new PageTransitionEvent('pageshow', { persisted }));

    it('shows nothing of the user, and is loaded anew on coming back', async () => {
      server.queueAnswer(200, signedIn);
      await session.signInWithPassword({ email: 'a@b.c', password: 'secret' });
      leave();
      expect(loaded).toEqual(['nothing']);
      comeBack(true);
      expect(loaded).toEqual(['nothing', 'again']);
    });

    it('is loaded anew also if nobody was signed in: somebody may be by now', () => {
      leave();
      comeBack(true);
      expect(loaded).toEqual(['again']);
    });

    it('is not loaded twice at the start', () => {
      comeBack(false);
      expect(loaded).toEqual([]);
    });
  });

  it('follows another tab that signed in', () => {
    localStorage.setItem('webcall.user.id', '"u2"');
    dispatchEvent(new StorageEvent('storage', { key: 'webcall.user.id' }));
    expect(loaded).toEqual(['nothing', 'again']);
  });
});
