import { TestBed } from '@angular/core/testing';
import type { CreateRoomDto, SignedInDto, UserDto } from '@webcall/contracts';
import { AccessTokenStore } from '../session/access-token-store';
import { ApiClient } from './api-client';
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
