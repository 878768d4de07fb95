import { TestBed } from '@angular/core/testing';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { Access } from './access';
import { FakeFetch, refusal } from '../net/testing/fake-fetch';

const user: UserDto = { id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const signedIn: SignedInDto = { accessToken: 'new', expiresIn: 900, user };
const attemptOf = (server: FakeFetch, index: number): unknown =>
  (server.requests[index]?.body as { attempt: unknown }).attempt;

describe('Access', () => {
  let server: FakeFetch;
  let access: Access;

  beforeEach(() => {
    localStorage.clear();
    server = new FakeFetch();
    access = TestBed.inject(Access);
  });

  afterEach(() => server.restore());

  it('keeps the attempt while no answer arrived, also over a reload, and makes a new one afterwards', async () => {
    server.fail(new TypeError('Failed to fetch'));
    await expect(access.refresh()).rejects.toMatchObject({ code: 'offline' });
    TestBed.resetTestingModule();
    access = TestBed.inject(Access);
    server.answer(200, signedIn);
    await access.refresh();
    server.answer(200, signedIn);
    await access.refresh();
    expect(attemptOf(server, 0)).toMatch(/^[0-9a-f-]{36}$/);
    expect(attemptOf(server, 1)).toBe(attemptOf(server, 0));
    expect(attemptOf(server, 2)).not.toBe(attemptOf(server, 0));
  });

  it('keeps the grant while the server is out of reach, and loses it when the session is over', async () => {
    access.take({ ...signedIn, accessToken: 'old' });
    server.answer(503, refusal('unavailable'));
    await expect(access.refresh()).rejects.toMatchObject({ code: 'unavailable' });
    expect(access.grant()?.token).toBe('old');
    server.answer(401, refusal('session_ended'));
    await expect(access.refresh()).rejects.toMatchObject({ code: 'session_ended' });
    expect(access.grant()).toBeNull();
    expect(access.lostBy()?.code).toBe('session_ended');
  });

  it('keeps the token out of every storage', async () => {
    server.answer(200, { ...signedIn, accessToken: 'secret' });
    await access.refresh();
    expect(access.grant()?.token).toBe('secret');
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('secret');
  });
});
