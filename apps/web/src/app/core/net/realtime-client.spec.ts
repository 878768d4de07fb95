import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { SignedInDto, UserDto } from '@webcall/contracts';
import { AccessTokenStore } from '../session/access-token-store';
import { RealtimeClient } from './realtime-client';
import { SOCKET_FACTORY } from './socket-factory';
import { errorBodyOf, FakeFetch } from './testing/fake-fetch';
import { FakeSocket } from './testing/fake-socket';

const user: UserDto = { id: 'u1', username: 'anna', email: 'a@b.c', guest: false, createdAt: '' };
const signedIn = (accessToken: string): SignedInDto => ({ accessToken, expiresIn: 900, user });

describe('RealtimeClient', () => {
  let server: FakeFetch;
  let access: AccessTokenStore;
  let realtime: RealtimeClient;
  let sockets: FakeSocket[];
  const socket = (): FakeSocket => sockets.at(-1) as FakeSocket;

  beforeEach(async () => {
    jest.useFakeTimers();
    localStorage.clear();
    sockets = [];
    server = new FakeFetch();
    const factory = (auth: () => { token: string }): Promise<unknown> => {
      sockets.push(new FakeSocket(auth));
      return Promise.resolve(socket().asClientSocket);
    };
    TestBed.configureTestingModule({ providers: [{ provide: SOCKET_FACTORY, useValue: factory }] });
    access = TestBed.inject(AccessTokenStore);
    realtime = TestBed.inject(RealtimeClient);
    access.storeAccessGrant(signedIn('t1'));
    await settle();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    server.restoreFetch();
    jest.useRealTimers();
  });

  async function settle(ms = 0): Promise<void> {
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(ms);
    TestBed.tick();
  }

  it('connects with the token when somebody signs in, and leaves when they sign out', async () => {
    expect(socket().connects).toBe(1);
    expect(socket().auth()).toEqual({ token: 't1' });
    socket().acceptConnection();
    expect(realtime.status()).toBe('online');
    access.clearAccessGrant();
    await settle();
    expect(socket().connected).toBe(false);
  });

  it('gives the answer of a command, and the server’s error as an ApiError', async () => {
    socket().acceptConnection();
    const answer = realtime.sendCommand('chat:send', { roomId: 'r1', id: 'm1', text: 'hi' });
    expect(socket().sent[0]).toMatchObject({ command: 'chat:send', data: { text: 'hi' } });
    socket().sent[0]?.answer(null, { ok: true, seq: 7 });
    expect(await answer).toMatchObject({ seq: 7 });
    const refused = realtime.sendCommand('call:join', { roomId: 'r1' });
    socket().sent[1]?.answer(null, { ok: false, error: { code: 'call_full', message: '' } });
    await expect(refused).rejects.toMatchObject({ code: 'call_full' });
  });

  it('waits for the connection, within the same time-out', async () => {
    const answer = realtime.sendCommand('room:open', { roomId: 'r1' });
    await settle(4_000);
    expect(socket().sent).toHaveLength(0);
    socket().acceptConnection();
    await settle();
    expect(socket().sent[0]?.timeout).toBeLessThanOrEqual(6_000);
    socket().sent[0]?.answer(null, { ok: true, room: 'r' });
    expect(await answer).toMatchObject({ room: 'r' });
  });

  it('gives up waiting after the time-out, and at once for a volatile command', async () => {
    await expect(realtime.sendCommand('chat:type', { roomId: 'r1' }, { volatile: true })).rejects.toMatchObject({
      code: 'offline',
    });
    const waiting = expect(realtime.sendCommand('room:open', { roomId: 'r1' })).rejects.toMatchObject({
      code: 'offline',
    });
    await settle(10_000);
    await waiting;
  });

  it('distinguishes a slow server from a lost connection', async () => {
    socket().acceptConnection();
    const slow = expect(realtime.sendCommand('room:open', { roomId: 'r1' })).rejects.toMatchObject({ code: 'timeout' });
    socket().sent[0]?.answer(new Error('operation has timed out'));
    await slow;
    const cut = expect(realtime.sendCommand('room:open', { roomId: 'r1' })).rejects.toMatchObject({ code: 'offline' });
    socket().breakConnection();
    await cut;
  });

  it('emits each reconnection, but not the first connection', () => {
    let times = 0;
    let connections = 0;
    realtime.reconnected.subscribe(() => times++);
    realtime.connected.subscribe(() => connections++);
    socket().acceptConnection();
    expect([times, connections]).toEqual([0, 1]);
    socket().breakConnection();
    expect(realtime.status()).toBe('offline');
    socket().acceptConnection();
    expect([times, connections, realtime.status()]).toEqual([1, 2, 'online']);
  });

  it('has everything loaded once it is connected, once, and again after each reconnect', async () => {
    expect(realtime.loadRound()).toBe(0);
    socket().acceptConnection();
    expect(realtime.loadRound()).toBe(1);
    await settle(10_000);
    expect(realtime.loadRound()).toBe(1);
    socket().breakConnection();
    socket().acceptConnection();
    expect(realtime.loadRound()).toBe(2);
    access.clearAccessGrant();
    await settle();
    expect(realtime.loadRound()).toBe(0);
  });

  it('has everything loaded without a connection if that takes long, and again with it', async () => {
    await settle(1_499);
    expect(realtime.loadRound()).toBe(0);
    await settle(1);
    expect(realtime.loadRound()).toBe(1);
    socket().acceptConnection();
    expect(realtime.loadRound()).toBe(2);
  });

  it('passes events on, and signals with their acknowledgement', () => {
    const seen: unknown[] = [];
    realtime.observeEvents('chat:posted').subscribe((message) => seen.push(message));
    const stop = realtime.addSignalHandler((event, ack) => {
      seen.push(event.from);
      ack();
    });
    socket().acceptConnection();
    socket().receiveEvent('chat:posted', { id: 'm1' });
    socket().receiveEvent('signal:received', { from: 'p1' }, () => seen.push('acked'));
    stop();
    socket().receiveEvent('signal:received', { from: 'p2' }, () => seen.push('acked'));
    expect(seen).toEqual([{ id: 'm1' }, 'p1', 'acked']);
  });

  it('renews the token when the handshake is refused for it, and connects again', async () => {
    server.queueAnswer(200, signedIn('t2'));
    socket().refuseHandshake('token_expired');
    await settle();
    expect(socket().connects).toBe(2);
    expect(socket().auth()).toEqual({ token: 't2' });
  });

  it('refuses nothing while the server has answered that the token is too old', async () => {
    socket().acceptConnection();
    socket().breakConnection();
    server.queueAnswer(200, signedIn('t2'));
    socket().refuseHandshake('token_expired');
    expect([realtime.status(), realtime.isCutOff()]).toEqual(['connecting', false]);
    expect(() => realtime.requireLine()).not.toThrow();
    const answer = realtime.sendCommand('call:get', { roomId: 'r1' });
    await settle();
    socket().acceptConnection();
    await settle();
    socket().sent[0]?.answer(null, { ok: true, call: null });
    expect(await answer).toMatchObject({ call: null });
  });

  it('pauses before the next try when the server refuses the new token too', async () => {
    server.queueAnswer(200, signedIn('t2'));
    server.queueAnswer(200, signedIn('t3'));
    socket().refuseHandshake('token_expired');
    await settle();
    socket().refuseHandshake('token_expired');
    await settle(1_999);
    expect(socket().connects).toBe(2);
    await settle(1);
    expect(socket().connects).toBe(3);
  });

  it('stops when the session is over', async () => {
    server.queueAnswer(401, errorBodyOf('session_ended'));
    socket().refuseHandshake('unauthorized');
    await settle(10_000);
    expect(access.lostBy()?.code).toBe('session_ended');
    expect(socket().connects).toBe(1);
    expect(sockets).toHaveLength(1);
  });

  it('keeps trying when the server is too busy to take the handshake', async () => {
    socket().refuseHandshake('too_many_requests');
    await settle(2_000);
    socket().refuseHandshake('too_many_requests');
    await settle(2_000);
    expect(socket().connects).toBe(3);
    expect(server.requests).toHaveLength(0);
  });

  it('gives the reason when the user has too many sockets, and tries again rarely', async () => {
    const full = { code: 'quota_reached', message: '', details: { quota: 'sockets', limit: 50 } } as const;
    socket().refuseHandshake('quota_reached', full);
    expect(realtime.refusal()).toMatchObject({ code: 'quota_reached', details: full.details });
    await settle(29_000);
    expect([socket().connects, realtime.status()]).toEqual([1, 'offline']);
    await settle(1_000);
    expect(socket().connects).toBe(2);
    socket().acceptConnection();
    expect([realtime.refusal(), realtime.status()]).toEqual([null, 'online']);
  });

  it('connects again when the server closed the connection', async () => {
    socket().acceptConnection();
    socket().breakConnection('io server disconnect');
    await settle(2_000);
    expect(socket().connects).toBe(2);
  });

  it('renews the token ahead of its end and gives it to the open socket', async () => {
    socket().acceptConnection();
    server.queueAnswer(200, signedIn('t2'));
    await settle(779_000);
    expect(server.requests).toHaveLength(0);
    await settle(1_000);
    expect(socket().sent[0]).toMatchObject({ command: 'auth:renew', data: { token: 't2' } });
  });

  it('gives up the grant when the server reports that the session was ended', async () => {
    socket().acceptConnection();
    socket().receiveEvent('session:ended', { code: 'session_ended' });
    await settle();
    expect(access.grant()).toBeNull();
    expect(socket().connected).toBe(false);
  });

  it('fails at once while the line is cut, unless the command is patient', async () => {
    socket().acceptConnection();
    socket().breakConnection();
    await settle();
    expect(realtime.isCutOff()).toBe(true);
    await expect(realtime.sendCommand('call:join', { roomId: 'r1' })).rejects.toMatchObject({ code: 'offline' });
    const patient = realtime.sendCommand('room:open', { roomId: 'r1' }, { patient: true });
    await settle(5_000);
    socket().acceptConnection();
    await settle();
    socket().sent[0]?.answer(null, { ok: true, room: 'r' });
    expect(await patient).toMatchObject({ room: 'r' });
    expect(socket().sent.map(({ command }) => command)).toEqual(['room:open']);
  });

  it('does not send what was asked for before the device slept', async () => {
    const asked = expect(realtime.sendCommand('call:join', { roomId: 'r1' })).rejects.toMatchObject({
      code: 'offline',
    });
    jest.setSystemTime(Date.now() + 180_000);
    socket().acceptConnection();
    await asked;
    expect(socket().sent).toHaveLength(0);
  });

  it('takes an answer for none that comes after the device slept', async () => {
    socket().acceptConnection();
    const asked = expect(realtime.sendCommand('call:join', { roomId: 'r1' })).rejects.toMatchObject({
      code: 'timeout',
    });
    jest.setSystemTime(Date.now() + 180_000);
    socket().sent[0]?.answer(null, { ok: true });
    await asked;
  });

  it('takes a silent line for dead within three seconds, and for whole with the next ping', async () => {
    socket().acceptConnection();
    await settle(2_000);
    socket().receivePing();
    await settle(1_500);
    expect(realtime.seemsCutOff()).toBe(false);
    await settle(1_500);
    expect(realtime.seemsCutOff()).toBe(true);
    socket().receivePing();
    expect(realtime.seemsCutOff()).toBe(false);
  });

  it('refuses nothing on a silent line that is still open', async () => {
    socket().acceptConnection();
    await settle(3_000);
    expect([realtime.status(), realtime.isCutOff()]).toEqual(['online', false]);
    expect(() => realtime.requireLine()).not.toThrow();
  });

  it('takes no silence for one when the connection has ended', async () => {
    socket().acceptConnection();
    await settle(3_000);
    socket().breakConnection();
    socket().acceptConnection();
    expect(realtime.seemsCutOff()).toBe(false);
  });

  it('knows how long nothing was heard of the server, also after a sleep', () => {
    socket().acceptConnection();
    jest.setSystemTime(Date.now() + 180_000);
    socket().breakConnection();
    socket().acceptConnection();
    expect(realtime.lastCutMs).toBeGreaterThanOrEqual(180_000);
  });

  it('is not cut off by a refusal, because requests still reach the server', () => {
    socket().refuseHandshake('quota_reached');
    expect([realtime.status(), realtime.isCutOff()]).toEqual(['offline', false]);
    expect(() => realtime.requireLine()).toThrow(expect.objectContaining({ code: 'quota_reached' }) as Error);
  });

  it('gives up the connection when the device loses its network', () => {
    socket().acceptConnection();
    dispatchEvent(new Event('offline'));
    expect(socket().transportClosed).toBe(1);
  });

  it('connects anew at once when the network changes', () => {
    dispatchEvent(new Event('online'));
    expect(socket().connects).toBe(2);
    socket().acceptConnection();
    dispatchEvent(new Event('online'));
    expect(socket().transportClosed).toBe(1);
  });
});
