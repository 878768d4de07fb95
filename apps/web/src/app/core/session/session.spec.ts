import { TestBed } from '@angular/core/testing';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { Access } from './access';
import { ApiError } from '../net/api-error';
import { PageLoader } from '../browser/page-loader';
import { Session } from './session';
import { BrowserStorage } from '../browser/storage';
import { FakeFetch, refusal } from '../net/testing/fake-fetch';

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
    const loader: PageLoader = {
      here: () => '/r/1',
      load: (path) => loaded.push(path),
      reload: () => loaded.push('again'),
    };
    TestBed.configureTestingModule({ providers: [{ provide: PageLoader, useValue: loader }] });
    session = TestBed.inject(Session);
  });

  afterEach(() => server.restore());

  it('asks nothing of the server in a browser where nobody has signed in', async () => {
    await session.restore();
    await session.settled;
    expect(session.user()).toBeNull();
    expect(server.requests).toHaveLength(0);
  });

  it('goes on with a session after a reload', async () => {
    server.answer(200, signedIn);
    await session.signIn({ email: 'a@b.c', password: 'secret' });
    TestBed.inject(Access).drop();
    server.answer(200, signedIn);
    await session.restore();
    expect(session.user()?.username).toBe('anna');
  });

  it('says that the server is out of reach instead of signing out, and settles when it is back', async () => {
    TestBed.inject(BrowserStorage).user.set('id', 'u1');
    server.fail(new TypeError('Failed to fetch'));
    await session.restore();
    expect(session.unreachable()).toBe(true);
    server.answer(200, signedIn);
    await session.restore();
    await session.settled;
    expect(session.unreachable()).toBe(false);
    expect(session.user()?.id).toBe('u1');
  });

  it('forgets everything of the user on sign-out and keeps the preferences of the browser', async () => {
    const storage = TestBed.inject(BrowserStorage);
    server.answer(200, signedIn);
    await session.signIn({ email: 'a@b.c', password: 'secret' });
    storage.browser.set('theme', 'dark');
    storage.user.set('drafts', { r1: 'hello' });
    storage.tab.set('seat', 'key');
    server.answer(204);
    await session.signOut();
    expect(session.user()).toBeNull();
    expect(Object.keys(localStorage)).toEqual(['webcall.theme']);
    expect(Object.keys(sessionStorage)).toEqual([]);
    expect(loaded).toEqual(['/sign-in']);
  });

  it('keeps the session when signing out did not reach the server', async () => {
    server.answer(200, signedIn);
    await session.signIn({ email: 'a@b.c', password: 'secret' });
    server.fail(new TypeError('Failed to fetch'));
    await expect(session.signOut()).rejects.toMatchObject({ code: 'offline' });
    expect(session.user()?.id).toBe('u1');
  });

  it('starts over with a word and the way back when the session was ended elsewhere', async () => {
    server.answer(200, signedIn);
    await session.signIn({ email: 'a@b.c', password: 'secret' });
    server.answer(401, refusal('session_ended'));
    await expect(TestBed.inject(Access).refresh()).rejects.toMatchObject({ code: 'session_ended' });
    TestBed.tick();
    expect(loaded).toEqual(['/sign-in?ended=session_ended&next=%2Fr%2F1']);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('says nothing of it to who signs out, and hears of the end before the answer', async () => {
    server.answer(200, signedIn);
    await session.signIn({ email: 'a@b.c', password: 'secret' });
    server.answer(204, {});
    const signingOut = session.signOut();
    TestBed.inject(Access).lose(new ApiError('session_ended', ''));
    TestBed.tick();
    await signingOut;
    TestBed.tick();
    expect(loaded).toEqual(['/sign-in']);
  });

  describe('by a reset link', () => {
    const reset = { token: 'from the link', newPassword: 'staple of the sea' };
    const asked = (): string[] => server.requests.map(({ url }) => url.replace('/api/v1', ''));

    it('signs out who is signed in here, who may be somebody else', async () => {
      server.answer(200, signedIn);
      await session.signIn({ email: 'a@b.c', password: 'secret' });
      server.answer(204);
      server.answer(204);
      await session.resetPassword(reset);
      expect(asked()).toEqual(['/auth/login', '/auth/reset-password', '/auth/logout']);
      expect(session.user()).toBeNull();
      expect(loaded).toEqual(['/sign-in?ended=password_reset']);
    });

    it('goes on when that does not reach the server: the password is set', async () => {
      server.answer(200, signedIn);
      await session.signIn({ email: 'a@b.c', password: 'secret' });
      server.answer(204);
      server.fail(new TypeError('Failed to fetch'));
      await session.resetPassword(reset);
      expect(session.user()).toBeNull();
      expect(loaded).toEqual(['/sign-in?ended=password_reset']);
    });

    it('signs nobody out for a link that is refused', async () => {
      server.answer(200, signedIn);
      await session.signIn({ email: 'a@b.c', password: 'secret' });
      server.answer(400, refusal('reset_link_invalid'));
      await expect(session.resetPassword(reset)).rejects.toMatchObject({ code: 'reset_link_invalid' });
      expect(asked()).toEqual(['/auth/login', '/auth/reset-password']);
      expect(session.user()?.id).toBe('u1');
      expect(loaded).toEqual([]);
    });

    it('has nobody to sign out in a browser where nobody is signed in', async () => {
      server.answer(204);
      await session.resetPassword(reset);
      expect(asked()).toEqual(['/auth/reset-password']);
    });
  });

  it('follows another tab that signed out', async () => {
    server.answer(200, signedIn);
    await session.signIn({ email: 'a@b.c', password: 'secret' });
    localStorage.removeItem('webcall.user.id');
    dispatchEvent(new StorageEvent('storage', { key: 'webcall.user.id' }));
    expect(session.user()).toBeNull();
    expect(loaded).toEqual(['/sign-in']);
  });

  it('follows another tab that signed in', () => {
    localStorage.setItem('webcall.user.id', '"u2"');
    dispatchEvent(new StorageEvent('storage', { key: 'webcall.user.id' }));
    expect(loaded).toEqual(['again']);
  });
});
