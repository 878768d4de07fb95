import type { CallJoinedDto, MediaUpdateDto } from '@webcall/contracts';
import type { Participant } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { befriend, directRoom } from '../support/contacts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { TestSocket } from '../support/sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from '../support/test-app';

function moderation(start: () => Promise<TestApp>, other?: (first: TestApp) => Promise<TestApp>): void {
  let server: TestApp;
  /** The server of the owner's sockets; the other one is for everybody else. They are the same without replicas. */
  let second: TestApp;
  let anna: TestUser;
  let mona: TestUser;
  let boris: TestUser;
  let roomId: string;
  /** The owner's, the moderator's and the member's. */
  let a: TestSocket;
  let m: TestSocket;
  let b: TestSocket;
  const sockets: TestSocket[] = [];

  beforeAll(async () => {
    server = await start();
    second = other ? await other(server) : server;
    [anna, mona, boris] = await Promise.all([
      newUser(server, 'anna'),
      newUser(server, 'mona'),
      newUser(server, 'boris'),
    ]);
  });
  afterAll(async () => {
    if (second !== server) await second.close();
    await server.close();
  });
  beforeEach(async () => {
    roomId = (await newRoom(anna)).id;
    await bringIn(anna, roomId, mona, 'moderator');
    await bringIn(anna, roomId, boris);
    [a, m, b] = await Promise.all([connect(anna), connect(mona), connect(boris)]);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

  const connect = async ({ id, rest }: TestUser): Promise<TestSocket> => {
    const socket = await TestSocket.connect((id === anna.id ? server : second).url, rest.token);
    socket.raw.on('signal:received', (_: unknown, ack: () => void) => ack());
    sockets.push(socket);
    return socket;
  };
  /** Another device of the same user. */
  const otherDevice = async (user: TestUser): Promise<TestSocket> => {
    const { body } = await user.rest.request('POST /auth/login', {
      body: { email: user.email, password: user.password },
    });
    const socket = await TestSocket.connect(second.url, body.accessToken);
    sockets.push(socket);
    return socket;
  };
  const join = (socket: TestSocket, media?: MediaUpdateDto): Promise<CallJoinedDto> =>
    socket.ask('call:join', { roomId, media });
  const updated = (socket: TestSocket, id: string, fits: (participant: Participant) => boolean) =>
    socket.event('call:changed', ({ change }) => {
      return change.type === 'updated' && change.participant.id === id && fits(change.participant);
    });
  const everything = { microphone: true, camera: true, screen: true, screenSound: true };

  describe('a moderator', () => {
    it('who was removed from the call cannot change its door', async () => {
      await join(a);
      const { participantId } = await join(m);
      await a.ask('call:remove', { roomId, participantId });
      const open = async () =>
        (await mona.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'lobby' } })).body;
      expect((await open()).error?.code).toBe('removed_from_call');
      expect(await m.refusal('knock:answer', { roomId, admit: true })).toBe('removed_from_call');
      expect(
        (await mona.rest.request('PATCH /rooms/:roomId', { roomId, body: { name: 'Still a moderator' } })).status,
      ).toBe(200);
      await a.ask('call:readmit', { roomId, userId: mona.id });
      expect((await open()).door).toBe('lobby');
    });

    it('asks one device to turn media on, and none that has it on', async () => {
      await join(a);
      const phone = await otherDevice(boris);
      const [{ participantId }] = [await join(b, { camera: true }), await join(phone)];
      await m.ask('call:hold', { roomId, kinds: ['microphone'] });
      await m.ask('call:allow', { roomId, participantId, kinds: ['microphone', 'camera'], ask: true });
      expect(await b.event('call:asked')).toEqual({ roomId, by: mona.username, kinds: ['microphone'] });
      await m.ask('call:allow', { roomId, participantId, kinds: ['camera'], ask: true });
      await Promise.all([a, b, phone].map((socket) => socket.ask('call:get', { roomId })));
      expect([a, b, phone].map((socket) => socket.events('call:asked').length)).toEqual([0, 1, 0]);
    });

    it('has the rights of their current role in the room', async () => {
      await join(a);
      const { participantId } = await join(m);
      const seat = await join(b);
      await anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
        roomId,
        userId: mona.id,
        body: { role: 'member' },
      });
      expect(await m.refusal('call:hold', { roomId, participantId: seat.participantId, kinds: ['camera'] })).toBe(
        'forbidden',
      );
      await updated(b, participantId, ({ role }) => role === 'member');
      await anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
        roomId,
        userId: boris.id,
        body: { role: 'moderator' },
      });
      await updated(a, seat.participantId, ({ role }) => role === 'moderator');
      await b.ask('call:hold', { roomId, participantId, kinds: ['camera'] });
    });
  });

  it('nobody moderates in a direct room, where leaving ends the call', async () => {
    const [clara, dina] = [await newUser(server), await newUser(server)];
    await befriend(clara, dina);
    const { id } = await directRoom(clara, dina);
    const [c, d] = [await connect(clara), await connect(dina)];
    await c.ask('call:join', { roomId: id });
    const { participantId } = await d.ask('call:join', { roomId: id });
    expect(await c.refusal('call:hold', { roomId: id, participantId, kinds: ['microphone'] })).toBe('forbidden');
    expect(await c.refusal('call:remove', { roomId: id, participantId })).toBe('forbidden');
    expect(await c.refusal('call:end', { roomId: id })).toBe('forbidden');
    expect(
      (await clara.rest.request('PATCH /rooms/:roomId', { roomId: id, body: { door: 'locked' } })).body.error.code,
    ).toBe('forbidden');
  });

  describe('a client that cheats', () => {
    it('cannot turn on held media: not by an update, rejoining, reloading, or from another device', async () => {
      await join(a);
      const first = await join(b, everything);
      await m.ask('call:hold', { roomId, participantId: first.participantId, kinds: ['microphone'] });
      expect(await b.refusal('call:update', { media: { microphone: true } })).toBe('media_held');
      expect(await b.refusal('call:update', { media: { microphone: true, camera: false } })).toBe('media_held');
      const muted = { held: ['microphone', 'screenSound'], media: { microphone: false, screenSound: false } };

      b.cut();
      await a.event('call:changed', ({ change }) => change.type === 'updated' && !change.participant.connected);
      b = await connect(boris);
      const { participantId, resumeKey } = first;
      const resumed = await b.ask('call:resume', { roomId, participantId, resumeKey, fresh: true, media: everything });
      expect(resumed.self).toMatchObject({ ...muted, media: { ...muted.media, camera: true, screen: true } });

      const again = await b.ask('call:join', { roomId, media: everything, takeOver: true });
      expect(again.self).toMatchObject(muted);
      await b.ask('call:leave', {});
      expect((await join(b, everything)).self).toMatchObject(muted);

      const phone = await otherDevice(boris);
      expect((await join(phone, everything)).self).toMatchObject(muted);
      expect(await phone.refusal('call:allow', { roomId, kinds: ['microphone'] })).toBe('forbidden');
      const updates = a
        .events('call:changed')
        .flatMap(({ change }) => ('participant' in change ? [change.participant] : []));
      const since = updates.slice(updates.findIndex(({ held }) => held.length > 0));
      expect(since.filter((p) => p.userId === boris.id && p.media.microphone)).toEqual([]);
    });

    it('gains nothing once it is removed: no seat, no signals, neither sent nor received', async () => {
      const owner = await join(a);
      const { participantId, resumeKey } = await join(b);
      const phone = await otherDevice(boris);
      const signal = { id: randomUUID(), candidate: { candidate: 'candidate:1' } };
      await b.ask('signal:send', { to: owner.participantId, ...signal });
      await m.ask('call:remove', { roomId, participantId });
      const received = a.events('signal:received').length;
      expect(await b.refusal('signal:send', { to: owner.participantId, ...signal })).toBe('not_in_call');
      expect(await a.refusal('signal:send', { to: participantId, ...signal })).toBe('participant_not_found');
      expect(await b.refusal('call:update', { media: { microphone: true } })).toBe('not_in_call');
      expect(await b.refusal('call:hand', { raised: true })).toBe('not_in_call');
      expect(await b.refusal('call:react', { reaction: '👍' })).toBe('not_in_call');
      expect(await b.refusal('ice:get', {})).toBe('not_in_call');
      expect(await b.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
      const fresh = await connect(boris);
      for (const socket of [b, fresh, phone]) {
        expect(await socket.refusal('call:resume', { roomId, participantId, resumeKey })).toMatch(
          /participant_not_found|resume_key_wrong/,
        );
        expect(await socket.refusal('call:join', { roomId, takeOver: true })).toBe('removed_from_call');
        expect(await socket.refusal('call:readmit', { roomId, userId: boris.id })).toBe('forbidden');
        expect(await socket.refusal('knock:start', { roomId })).toBe('removed_from_call');
        expect(await socket.refusal('signal:send', { to: owner.participantId, ...signal })).toBe('not_in_call');
      }
      await a.ask('call:react', { reaction: '👏' });
      await a.event('call:reacted');
      expect(b.events('call:reacted')).toEqual([]);
      expect(a.events('signal:received')).toHaveLength(received);
      expect((await a.ask('call:get', { roomId })).call?.participants.map(({ userId }) => userId)).toEqual([anna.id]);
    });

    it('that joins at the moment of its removal is out in the end', async () => {
      await join(a);
      const { participantId } = await join(b);
      const joins = Array.from({ length: 20 }, () => b.send('call:join', { roomId, takeOver: true }));
      // The seat changes during the removal, so the moderator uses the latest one that they see.
      let id = participantId;
      for (;;) {
        const ack = await m.send('call:remove', { roomId, participantId: id });
        if (ack.ok) break;
        const { call } = await m.ask('call:get', { roomId });
        id = call?.participants.find(({ userId }) => userId === boris.id)?.id ?? id;
      }
      await Promise.all(joins);
      const { call } = await a.ask('call:get', { roomId });
      expect(call?.participants.map(({ userId }) => userId)).toEqual([anna.id]);
      expect(await b.refusal('call:update', { media: {} })).toBe('not_in_call');
    });
  });

  describe('hands and reactions', () => {
    it('reactions are seen by those in the call alone', async () => {
      const { participantId } = await join(a);
      await join(b);
      await a.ask('call:react', { reaction: '🎉' });
      for (const socket of [a, b]) {
        expect(await socket.event('call:reacted')).toEqual({ roomId, participantId, reaction: '🎉' });
      }
      await m.ask('call:get', { roomId });
      expect(m.events('call:reacted')).toEqual([]);
      expect(await a.refusal('call:react', { reaction: 'hello' as never })).toBe('invalid_input');
      expect(await m.refusal('call:react', { reaction: '🎉' })).toBe('not_in_call');
    });
  });
}

describe('moderation, in memory', () => moderation(() => startApp()));

describeWithRedis('moderation, in Redis and with two replicas', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  moderation(
    () => startApp({ redis: redis.url }),
    ({ db }) => startApp({ redis: redis.url, database: db }),
  );
});
