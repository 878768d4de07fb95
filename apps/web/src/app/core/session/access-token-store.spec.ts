import { TestBed } from '@angular/core/testing';
import type { SignedInDto, UserDto } from '@webcall/contracts';
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

  it('keeps the attempt while no answer arrived, also over a reload, and makes a new one afterwards', async () => {
    server.queueFailure(new TypeError('Failed to fetch'));
    await expect(access.refreshAccessGrant()).rejects.toMatchObject({ code: 'offline' });
    TestBed.resetTestingModule();
    access = TestBed.inject(AccessTokenStore);
    server.queueAnswer(200, signedIn);
    await access.refreshAccessGrant();
    server.queueAnswer(200, signedIn);
    await access.refreshAccessGrant();
    expect(attemptOf(server, 0)).toMatch(/^[0-9a-f-]{36}$/);
    expect(attemptOf(server, 1)).toBe(attemptOf(server, 0));
    expect(attemptOf(server, 2)).not.toBe(attemptOf(server, 0));
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
