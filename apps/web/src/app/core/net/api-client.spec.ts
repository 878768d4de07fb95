import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CreateRoomDto, SignedInDto, UserDto } from '@webcall/contracts';
import { AccessTokenStore } from '../session/access-token-store';
import { ApiClient } from './api-client';
import { LineState } from './line-state';
import { errorBodyOf, FakeFetch } from './testing/fake-fetch';

const user: UserDto = { id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const signedIn = (accessToken: string): SignedInDto => ({ accessToken, expiresIn: 900, user });

const ROOM: CreateRoomDto = { name: 'Room', visibility: 'private' };

describe('ApiClient', () => {
  let server: FakeFetch;
  let api: ApiClient;
  let access: AccessTokenStore;

  beforeEach(() => {
    localStorage.clear();
    server = new FakeFetch();
    api = TestBed.inject(ApiClient);
    access = TestBed.inject(AccessTokenStore);
  });

  afterEach(() => server.restoreFetch());

  it('sends the token, the query and the body', async () => {
    access.storeAccessGrant(signedIn('t1'));
    server.queueAnswer(200, ['room']);
    const query = { search: 'a b', cursor: null, limit: 5 };
    expect(await api.sendRequest('GET /rooms/public', { query })).toEqual(['room']);
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/api/v1/rooms/public?search=a+b&limit=5' });
    expect(server.requests[0]?.authorization).toBe('Bearer t1');
    server.queueAnswer(204);
    expect(await api.sendRequest('DELETE /auth/me', { body: { password: 'secret' } })).toBeUndefined();
    expect(server.requests[1]).toMatchObject({ method: 'DELETE', body: { password: 'secret' } });
  });

  it('does not try to change anything while the line is cut, and reads all the same', async () => {
    TestBed.inject(LineState).isCutOff.set(true);
    await expect(api.sendRequest('POST /rooms', { body: ROOM })).rejects.toMatchObject({ code: 'offline' });
    expect(server.requests).toEqual([]);
    server.queueAnswer(200, ['room']);
    expect(await api.sendRequest('GET /rooms')).toEqual(['room']);
  });

  describe('when an answer is lost on the way', () => {
    beforeEach(() => {
      jest.useFakeTimers();
      access.storeAccessGrant(signedIn('t1'));
    });
    afterEach(() => jest.useRealTimers());

    it('repeats the request after a while without one', async () => {
      server.queueMissingAnswer();
      server.queueAnswer(200, ['room']);
      const rooms = api.sendRequest('GET /rooms');
      await jest.advanceTimersByTimeAsync(3999);
      expect(server.requests).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(1001);
      expect(await rooms).toEqual(['room']);
    });

    it('repeats the request after a moment when the connection broke, and gives up in the end', async () => {
      server.queueFailure(new TypeError('Failed to fetch'));
      server.queueBrokenAnswer(200);
      server.queueAnswer(200, ['room']);
      const rooms = api.sendRequest('GET /rooms');
      await jest.advanceTimersByTimeAsync(2000);
      expect(await rooms).toEqual(['room']);
      for (let i = 0; i < 3; i += 1) server.queueFailure(new TypeError('Failed to fetch'));
      const refused = expect(api.sendRequest('GET /rooms')).rejects.toMatchObject({ code: 'offline', status: 0 });
      await jest.advanceTimersByTimeAsync(2000);
      await refused;
    });

    it('reports a timeout in the end', async () => {
      for (let i = 0; i < 2; i += 1) server.queueMissingAnswer();
      const refused = expect(api.sendRequest('GET /rooms')).rejects.toMatchObject({ code: 'timeout' });
      await jest.advanceTimersByTimeAsync(20_000);
      await refused;
    });

    it('repeats no request that changes something', async () => {
      server.queueFailure(new TypeError('Failed to fetch'));
      await expect(api.sendRequest('POST /rooms', { body: ROOM })).rejects.toMatchObject({ code: 'offline' });
      server.queueMissingAnswer();
      void api.sendRequest('POST /rooms', { body: ROOM }).catch(() => undefined);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(server.requests).toHaveLength(2);
    });
  });

  it('renews an expired token once and repeats the request', async () => {
    access.storeAccessGrant(signedIn('old'));
    server.queueAnswer(401, errorBodyOf('token_expired'));
    server.queueAnswer(200, signedIn('new'));
    server.queueAnswer(200, { id: 'r1' });
    expect(await api.sendRequest('GET /rooms/:roomId', { roomId: 'r1' })).toEqual({ id: 'r1' });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/api/v1/rooms/r1',
      '/api/v1/auth/refresh',
      '/api/v1/rooms/r1',
    ]);
    expect(server.requests[2]?.authorization).toBe('Bearer new');
  });

  it('does not renew again when the new token is refused too', async () => {
    access.storeAccessGrant(signedIn('old'));
    server.queueAnswer(401, errorBodyOf('token_expired'));
    server.queueAnswer(200, signedIn('new'));
    server.queueAnswer(401, errorBodyOf('token_expired'));
    await expect(api.sendRequest('GET /rooms')).rejects.toMatchObject({ code: 'token_expired', status: 401 });
    expect(server.requests).toHaveLength(3);
  });

  it('renews once for requests that fail at the same time', async () => {
    access.storeAccessGrant(signedIn('old'));
    server.answerByRule(({ url, authorization }) => {
      if (url.endsWith('/auth/refresh')) return [200, signedIn('new')];
      return authorization === 'Bearer new' ? [200, url] : [401, errorBodyOf('token_expired')];
    });
    await Promise.all([
      api.sendRequest('GET /rooms'),
      api.sendRequest('GET /auth/me'),
      api.sendRequest('GET /auth/sessions'),
    ]);
    expect(server.requests.filter(({ url }) => url.endsWith('/auth/refresh'))).toHaveLength(1);
  });

  it('does not renew for other refusals, nor when nobody is signed in', async () => {
    server.queueAnswer(401, errorBodyOf('invalid_credentials'));
    await expect(
      api.sendRequest('POST /auth/login', { body: { email: 'a@b.c', password: 'wrong' } }),
    ).rejects.toMatchObject({ code: 'invalid_credentials' });
    access.storeAccessGrant(signedIn('t1'));
    server.queueAnswer(403, errorBodyOf('forbidden', { room: 1 }));
    await expect(api.sendRequest('GET /rooms/:roomId', { roomId: 'r1' })).rejects.toMatchObject({
      code: 'forbidden',
      details: { room: 1 },
    });
    expect(server.requests).toHaveLength(2);
  });

  it('gives up the grant when the session is over', async () => {
    access.storeAccessGrant(signedIn('t1'));
    server.queueAnswer(401, errorBodyOf('session_ended'));
    await expect(api.sendRequest('GET /rooms')).rejects.toMatchObject({ code: 'session_ended' });
    expect(access.grant()).toBeNull();
    expect(access.lostBy()?.code).toBe('session_ended');
  });

  it('has codes of its own for a missing answer and for one that is not from our server', async () => {
    server.queueFailure(new TypeError('Failed to fetch'));
    await expect(api.sendRequest('POST /rooms', { body: ROOM })).rejects.toMatchObject({ code: 'offline', status: 0 });
    server.queueFailure(new DOMException('', 'TimeoutError'));
    await expect(api.sendRequest('POST /rooms', { body: ROOM })).rejects.toMatchObject({ code: 'timeout' });
    server.queueAnswer(502, '<html>');
    await expect(api.sendRequest('GET /rooms')).rejects.toMatchObject({ code: 'unavailable', status: 502 });
  });
});
