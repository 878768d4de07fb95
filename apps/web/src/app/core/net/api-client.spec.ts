import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { Access } from '../session/access';
import { ApiClient } from './api-client';
import { FakeFetch, refusal } from './testing/fake-fetch';

const user: UserDto = { id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const signedIn = (accessToken: string): SignedInDto => ({ accessToken, expiresIn: 900, user });

describe('ApiClient', () => {
  let server: FakeFetch;
  let api: ApiClient;
  let access: Access;

  beforeEach(() => {
    localStorage.clear();
    server = new FakeFetch();
    api = TestBed.inject(ApiClient);
    access = TestBed.inject(Access);
  });

  afterEach(() => server.restore());

  it('sends the token, the query and the body', async () => {
    access.take(signedIn('t1'));
    server.answer(200, ['room']);
    expect(await api.get('/rooms/public', { search: 'a b', cursor: null, limit: 5 })).toEqual(['room']);
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/api/v1/rooms/public?search=a+b&limit=5' });
    expect(server.requests[0]?.authorization).toBe('Bearer t1');
    server.answer(204);
    expect(await api.post('/auth/logout', { all: true })).toBeUndefined();
    expect(server.requests[1]?.body).toEqual({ all: true });
  });

  describe('when an answer is lost on the way', () => {
    beforeEach(() => {
      jest.useFakeTimers();
      access.take(signedIn('t1'));
    });
    afterEach(() => jest.useRealTimers());

    it('asks again after a while without one', async () => {
      server.hang();
      server.answer(200, ['room']);
      const rooms = api.get('/rooms');
      await jest.advanceTimersByTimeAsync(3999);
      expect(server.requests).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(1001);
      expect(await rooms).toEqual(['room']);
    });

    it('asks again after a moment when the question was dropped, and gives up in the end', async () => {
      server.fail(new TypeError('Failed to fetch'));
      server.breakOff(200);
      server.answer(200, ['room']);
      const rooms = api.get('/rooms');
      await jest.advanceTimersByTimeAsync(2000);
      expect(await rooms).toEqual(['room']);
      for (let i = 0; i < 3; i += 1) server.fail(new TypeError('Failed to fetch'));
      const refused = expect(api.get('/rooms')).rejects.toMatchObject({ code: 'offline', status: 0 });
      await jest.advanceTimersByTimeAsync(2000);
      await refused;
    });

    it('says in the end that it takes too long', async () => {
      for (let i = 0; i < 2; i += 1) server.hang();
      const refused = expect(api.get('/rooms')).rejects.toMatchObject({ code: 'timeout' });
      await jest.advanceTimersByTimeAsync(20_000);
      await refused;
    });

    it('does nothing twice', async () => {
      server.fail(new TypeError('Failed to fetch'));
      await expect(api.post('/rooms', { name: 'Room' })).rejects.toMatchObject({ code: 'offline' });
      server.hang();
      void api.post('/rooms', { name: 'Room' }).catch(() => undefined);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(server.requests).toHaveLength(2);
    });
  });

  it('renews an expired token once and repeats the request', async () => {
    access.take(signedIn('old'));
    server.answer(401, refusal('token_expired'));
    server.answer(200, signedIn('new'));
    server.answer(200, { id: 'r1' });
    expect(await api.get('/rooms/r1')).toEqual({ id: 'r1' });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/api/v1/rooms/r1',
      '/api/v1/auth/refresh',
      '/api/v1/rooms/r1',
    ]);
    expect(server.requests[2]?.authorization).toBe('Bearer new');
  });

  it('does not renew again when the new token is refused too', async () => {
    access.take(signedIn('old'));
    server.answer(401, refusal('token_expired'));
    server.answer(200, signedIn('new'));
    server.answer(401, refusal('token_expired'));
    await expect(api.get('/rooms')).rejects.toMatchObject({ code: 'token_expired', status: 401 });
    expect(server.requests).toHaveLength(3);
  });

  it('renews once for requests that fail at the same time', async () => {
    access.take(signedIn('old'));
    server.route(({ url, authorization }) => {
      if (url.endsWith('/auth/refresh')) return [200, signedIn('new')];
      return authorization === 'Bearer new' ? [200, url] : [401, refusal('token_expired')];
    });
    await Promise.all([api.get('/rooms'), api.get('/auth/me'), api.get('/auth/sessions')]);
    expect(server.requests.filter(({ url }) => url.endsWith('/auth/refresh'))).toHaveLength(1);
  });

  it('does not renew for other refusals, nor when nobody is signed in', async () => {
    server.answer(401, refusal('invalid_credentials'));
    await expect(api.post('/auth/login', {})).rejects.toMatchObject({ code: 'invalid_credentials' });
    access.take(signedIn('t1'));
    server.answer(403, refusal('forbidden', { room: 1 }));
    await expect(api.get('/rooms/r1')).rejects.toMatchObject({ code: 'forbidden', details: { room: 1 } });
    expect(server.requests).toHaveLength(2);
  });

  it('notes that the session is over', async () => {
    access.take(signedIn('t1'));
    server.answer(401, refusal('session_ended'));
    await expect(api.get('/rooms')).rejects.toMatchObject({ code: 'session_ended' });
    expect(access.grant()).toBeNull();
    expect(access.lostBy()?.code).toBe('session_ended');
  });

  it('gives its own codes when there is no answer, or one that is not ours', async () => {
    server.fail(new TypeError('Failed to fetch'));
    await expect(api.post('/rooms', {})).rejects.toMatchObject({ code: 'offline', status: 0 });
    server.fail(new DOMException('', 'TimeoutError'));
    await expect(api.post('/rooms', {})).rejects.toMatchObject({ code: 'timeout' });
    server.answer(502, '<html>');
    await expect(api.get('/rooms')).rejects.toMatchObject({ code: 'unavailable', status: 502 });
  });
});
