import { TestBed } from '@angular/core/testing';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { BrowserStorage } from '../browser/browser-storage';
import { errorBodyOf, FakeFetch } from '../net/testing/fake-fetch';
import { AccessTokenStore } from './access-token-store';

const user: UserDto = { id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const signedIn: SignedInDto = { accessToken: 'new', expiresIn: 900, user };
const attemptOf = (server: FakeFetch, index: number): unknown =>
  (server.requests[index]?.body as { attempt: unknown }).attempt;

describe('AccessTokenStore', () => {
  let server: FakeFetch;
  let access: AccessTokenStore;

  beforeEach(() => {
    localStorage.clear();
    server = new FakeFetch();
    access = TestBed.inject(AccessTokenStore);
  });

  afterEach(() => server.restoreFetch());

  describe('with locks', () => {
    const locks = { request: (_: string, action: () => Promise<unknown>) => action() };

    beforeEach(() => Object.defineProperty(navigator, 'locks', { value: locks, configurable: true }));
    afterEach(() => Reflect.deleteProperty(navigator, 'locks'));

    it('keeps the attempt while no answer arrived, also over a reload, and makes a new one afterwards', async () => {
      access.storeAccessGrant(signedIn);
      server.queueFailure(new TypeError('Failed to fetch'));
      await expect(access.refreshAccessGrant()).rejects.toMatchObject({ code: 'offline' });
      TestBed.resetTestingModule();
      access = TestBed.inject(AccessTokenStore);
      for (let i = 0; i < 2; i++) {
        server.queueAnswer(200, signedIn);
        await access.refreshAccessGrant();
      }
      expect(attemptOf(server, 0)).toMatch(/^[0-9a-f-]{36}$/);
      expect(attemptOf(server, 1)).toBe(attemptOf(server, 0));
      expect(attemptOf(server, 2)).not.toBe(attemptOf(server, 0));
    });
  });

  describe('on a page without https', () => {
    const { randomUUID } = crypto;

    beforeEach(() => Object.assign(crypto, { randomUUID: undefined }));
    afterEach(() => Object.assign(crypto, { randomUUID }));

    it('sends the same attempt until somebody else signs in', async () => {
      const sendRefresh = async (): Promise<void> => {
        server.queueAnswer(200, signedIn);
        await access.refreshAccessGrant();
      };
      await sendRefresh();
      await sendRefresh();
      TestBed.inject(BrowserStorage).user.clearStoredValues();
      await sendRefresh();
      expect(attemptOf(server, 1)).toBe(attemptOf(server, 0));
      expect(attemptOf(server, 2)).not.toBe(attemptOf(server, 0));
    });

    it('shares one attempt among tabs that refresh for the first time at once', async () => {
      access.storeAccessGrant(signedIn);
      const tabs = Array.from({ length: 4 }, () => {
        TestBed.resetTestingModule();
        return TestBed.inject(AccessTokenStore);
      });
      for (const _ of tabs) server.queueAnswer(200, signedIn);
      expect(navigator.locks).toBeUndefined();
      await Promise.all(tabs.map((tab) => tab.refreshAccessGrant()));
      expect(new Set(tabs.map((_, tab) => attemptOf(server, tab))).size).toBe(1);
    });
  });

  it('keeps the grant while the server cannot be reached, and loses it when the session is over', async () => {
    access.storeAccessGrant({ ...signedIn, accessToken: 'old' });
    server.queueAnswer(503, errorBodyOf('unavailable'));
    await expect(access.refreshAccessGrant()).rejects.toMatchObject({ code: 'unavailable' });
    expect(access.grant()?.token).toBe('old');
    server.queueAnswer(401, errorBodyOf('session_ended'));
    await expect(access.refreshAccessGrant()).rejects.toMatchObject({ code: 'session_ended' });
    expect(access.grant()).toBeNull();
    expect(access.lostBy()?.code).toBe('session_ended');
  });

  it('keeps the token out of every storage', async () => {
    server.queueAnswer(200, { ...signedIn, accessToken: 'secret' });
    await access.refreshAccessGrant();
    expect(access.grant()?.token).toBe('secret');
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('secret');
  });
});
