import type { CreateInvitationDto, QuotaName } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { MessageStore } from '../../src/chat/message-store';
import { eventually } from '../support/faults/recovery';
import { RestClient, type RestResponse } from '../support/rest';
import { TestSocket } from '../support/sockets';
import { bringIn, newCode, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

/** Number of concurrent requests for the one place that is left. */
const CROWD = 20;

const server = useServer(() =>
  startApp({
    env: {
      QUOTA_ROOMS: '3',
      QUOTA_GUESTS: '3',
      QUOTA_INVITATIONS: '3',
      QUOTA_MESSAGES: '3',
      QUOTA_DEVICES: '3',
      QUOTA_SOCKETS: '3',
    },
  }),
);
const refusal = (quota: QuotaName, limit = 3) => ({ code: 'quota_reached', details: { quota, limit } });
const crowd = <T>(one: (i: number) => Promise<T>, size = CROWD): Promise<T[]> =>
  Promise.all(Array.from({ length: size }, (_, i) => one(i)));

let anna: TestUser;
beforeEach(async () => {
  anna = await newUser(server, 'anna');
});

/** Expects that one request succeeds, and that all others name the quota. */
function expectOne<R extends RestResponse>(answers: R[], status: number, quota: QuotaName): R {
  const [good, ...more] = answers.filter((answer) => answer.status === status);
  expect([good?.status, more]).toEqual([status, []]);
  for (const { status: other, body } of answers.filter((answer) => answer !== good)) {
    expect([other, body.error]).toMatchObject([409, refusal(quota)]);
  }
  return good!;
}

describe('rooms', () => {
  const make = (user = anna) => user.rest.request('POST /rooms', { body: { name: 'Attic', visibility: 'private' } });

  it('are refused beyond the quota, also concurrently, until one is deleted', async () => {
    await make();
    await make();
    const { body } = expectOne(await crowd(() => make()), 201, 'rooms');
    expect((await anna.rest.request('DELETE /rooms/:roomId', { roomId: body.id })).status).toBe(204);
    expectOne(await crowd(() => make(), 2), 201, 'rooms');
  });

  it('count for their creator and not for a later owner', async () => {
    const boris = await newUser(server, 'boris');
    const rooms = [await newRoom(anna), await newRoom(anna), await newRoom(anna)];
    for (const { id } of rooms) {
      await bringIn(anna, id, boris);
      await anna.rest.request('POST /rooms/:roomId/leave', { roomId: id });
    }
    expect((await make()).body.error).toMatchObject(refusal('rooms'));
    expect((await make(boris)).status).toBe(201);
  });
});

describe('invitations', () => {
  it('are refused beyond the quota of the room, also concurrently, until one is revoked, used up or over', async () => {
    const boris = await newUser(server, 'boris');
    const { id } = await newRoom(anna);
    await bringIn(anna, id, boris, 'moderator');
    const invite = (user: TestUser, more: Partial<CreateInvitationDto> = {}) =>
      user.rest.request('POST /rooms/:roomId/invitations', { roomId: id, body: { role: 'member', ...more } });
    await invite(boris);
    const { body } = expectOne(await crowd((i) => invite(i % 2 ? anna : boris)), 201, 'invitations');
    const revoked = { roomId: id, invitationId: body.id };
    expect((await anna.rest.request('DELETE /rooms/:roomId/invitations/:invitationId', revoked)).status).toBe(204);
    const once = (await invite(anna, { maxUses: 1 })).body;
    expect((await invite(anna)).body.error).toMatchObject(refusal('invitations'));
    await (await newUser(server, 'clara')).rest.request('POST /invitations/:code/join', { code: once.code! });
    expect((await invite(anna, { expiresInHours: 1 })).status).toBe(201);
    expect((await invite(anna)).status).toBe(409);
    await server.db.query(`UPDATE invitations SET expires_at = now() WHERE room_id = $1 AND expires_at IS NOT NULL`, [
      id,
    ]);
    expect((await invite(anna)).status).toBe(201);
    const other = await newRoom(anna);
    expect(
      (await anna.rest.request('POST /rooms/:roomId/invitations', { roomId: other.id, body: { role: 'member' } }))
        .status,
    ).toBe(201);
  });
});

describe('guests', () => {
  const come = async (code: string) => {
    const rest = new RestClient(server.url);
    const answer = await rest.request('POST /invitations/:code/guest', { code, body: { name: 'Uncle Vanya' } });
    rest.token = answer.body.accessToken;
    return { ...answer, rest };
  };

  it('are refused beyond the quota of the inviter, over all rooms and concurrently, until one leaves', async () => {
    const [one, other] = [await newRoom(anna), await newRoom(anna)];
    const codes = [
      await newCode(anna, one.id, { role: 'guest' }),
      await newCode(anna, other.id, { role: 'guest' }),
    ] as const;
    await come(codes[0]);
    const leaver = await come(codes[1]);
    expectOne(await crowd((i) => come(codes[i % 2 ? 0 : 1])), 201, 'guests');
    expect((await leaver.rest.request('POST /rooms/:roomId/leave', { roomId: other.id })).status).toBe(204);
    const again = await come(codes[0]);
    expect(again.status).toBe(201);
    expect((await come(codes[1])).status).toBe(409);
    expect(
      (await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: one.id, userId: again.body.user.id }))
        .status,
    ).toBe(204);
    expect((await come(codes[1])).status).toBe(201);
  });

  it('do not count for others, and stay when their inviter is deleted', async () => {
    const boris = await newUser(server, 'boris');
    const { id } = await newRoom(anna);
    await bringIn(anna, id, boris, 'moderator');
    const [ofAnna, ofBoris] = [
      await newCode(anna, id, { role: 'guest' }),
      await newCode(boris, id, { role: 'guest' }),
    ] as const;
    const guests = [await come(ofBoris), await come(ofBoris), await come(ofBoris)];
    expect((await come(ofBoris)).body.error).toMatchObject(refusal('guests'));
    expect((await come(ofAnna)).status).toBe(201);
    expect((await boris.rest.request('DELETE /auth/me', { body: { password: boris.password } })).status).toBe(204);
    expect((await come(ofBoris)).body.error.code).toBe('invitation_revoked');
    for (const { rest } of guests) expect((await rest.request('GET /rooms/:roomId', { roomId: id })).status).toBe(200);
    expect((await come(ofAnna)).status).toBe(201);
  });
});

describe('messages', () => {
  const text = 'See you at eight';

  it('are refused beyond the quota of a day, over all rooms and concurrently, until the next day', async () => {
    const [one, other] = [await newRoom(anna), await newRoom(anna)];
    const sockets = [await server.connect(anna), await server.connect(anna)] as const;
    const send = (i: number, id = randomUUID()) =>
      sockets[i % 2 ? 0 : 1].send('chat:send', { roomId: (i % 4 > 1 ? one : other).id, id, text });
    const first = randomUUID();
    expect(await send(0, first)).toEqual({ ok: true, seq: 1 });
    for (let i = 0; i < 3; i++) expect(await send(0, first)).toEqual({ ok: true, seq: 1 });
    await send(1);
    const answers = await crowd((i) => send(i));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers.filter(({ ok }) => !ok)) {
      expect(answer).toMatchObject({ ok: false, error: refusal('messages') });
    }
    // The answer got lost, so the client sends the message once more.
    expect(await send(0, first)).toEqual({ ok: true, seq: 1 });
    const counts = await server.db.query<{ lastSeq: number }>(
      `SELECT last_seq AS "lastSeq" FROM rooms WHERE created_by = $1 ORDER BY created_at`,
      [anna.id],
    );
    expect(counts.reduce((sum, { lastSeq }) => sum + lastSeq, 0)).toBe(3);
    await server.db.query('UPDATE message_counts SET day = day - 1 WHERE user_id = $1', [anna.id]);
    for (let i = 0; i < 3; i++) expect(await send(i)).toMatchObject({ ok: true });
    expect(await send(0)).toMatchObject({ ok: false, error: refusal('messages') });
  });

  it('are numbered without a gap when many users write at once, each with their own quota', async () => {
    const { id: roomId } = await newRoom(anna, 'public');
    const people = [
      anna,
      await newUser(server, 'boris'),
      await newUser(server, 'clara'),
      await newUser(server, 'dora'),
    ];
    for (const { rest } of people.slice(1)) await rest.request('POST /rooms/:roomId/join', { roomId });
    const sockets = await Promise.all(people.map((user) => server.connect(user)));
    const send = (socket: TestSocket) => crowd(() => socket.send('chat:send', { roomId, id: randomUUID(), text }), 5);
    const answers = (await Promise.all(sockets.map(send))).flat();
    const seqs = answers.flatMap((answer) => (answer.ok ? [answer.seq] : []));
    expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('with the same id, sent several times at once, count once', async () => {
    const { id: roomId } = await newRoom(anna);
    const socket = await server.connect(anna);
    for (const seq of [1, 2, 3]) {
      const id = randomUUID();
      const answers = await crowd(() => socket.send('chat:send', { roomId, id, text }), 5);
      expect(answers).toEqual(Array.from({ length: 5 }, () => ({ ok: true, seq })));
    }
  });

  it('are stored, or refused as unavailable, if their author may post only since a moment ago', async () => {
    const { id: roomId } = await newRoom(anna);
    const socket = await server.connect(anna);
    const send = () => socket.send('chat:send', { roomId, id: randomUUID(), text });
    const store = jest.spyOn(server.app.get(MessageStore), 'storePostedMessage').mockResolvedValueOnce(undefined);
    expect(await send()).toEqual({ ok: true, seq: 1 });
    store.mockResolvedValueOnce(undefined).mockResolvedValueOnce(undefined);
    expect(await send()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    store.mockRestore();
  });

  it('are refused for a deleted room', async () => {
    const { id: roomId } = await newRoom(anna);
    const socket = await server.connect(anna);
    await anna.rest.request('DELETE /rooms/:roomId', { roomId });
    expect(await socket.refusal('chat:send', { roomId, id: randomUUID(), text })).toBe('room_not_found');
  });
});

describe('devices', () => {
  const signIn = async ({ email, password } = anna) => {
    const rest = new RestClient(server.url);
    const answer = await rest.request('POST /auth/login', { body: { email, password } });
    rest.token = answer.body.accessToken;
    return { ...answer, rest };
  };

  it('are refused beyond the quota, also concurrently, until one is signed out', async () => {
    const second = await signIn();
    expectOne(await crowd(() => signIn()), 200, 'devices');
    // Existing sessions still work.
    expect((await second.rest.request('POST /auth/refresh', { body: {} })).status).toBe(200);
    const { body } = await anna.rest.request('GET /auth/sessions');
    const other = body.sessions.find(({ current }) => !current)!;
    expect((await anna.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: other.id })).status).toBe(204);
    expectOne(await crowd(() => signIn(), 2), 200, 'devices');
  });

  it('do not count once their session is over', async () => {
    await signIn();
    await signIn();
    expect((await signIn()).body.error).toMatchObject(refusal('devices'));
    const oldest = `SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at LIMIT 1`;
    await server.db.query(`UPDATE sessions SET expires_at = now() WHERE id = (${oldest})`, [anna.id]);
    expect((await signIn()).status).toBe(200);
  });

  it('do not count when unused for a week, since each private window is a new device', async () => {
    await signIn();
    await signIn();
    const oldest = `SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at LIMIT 1`;
    const used = (days: number) =>
      server.db.query(`UPDATE sessions SET last_used_at = now() - interval '${days} days' WHERE id = (${oldest})`, [
        anna.id,
      ]);
    await used(6);
    expect((await signIn()).body.error).toMatchObject(refusal('devices'));
    await used(8);
    expect((await signIn()).status).toBe(200);
  });

  it('can all be signed out by a new password, even if somebody else has used up the quota', async () => {
    await signIn();
    await signIn();
    expect((await signIn()).status).toBe(409);
    const newPassword = 'a horse of another battery';
    const changed = await anna.rest.request('POST /auth/password', {
      body: { currentPassword: anna.password, newPassword },
    });
    expect(changed.status).toBe(204);
    expect((await signIn({ ...anna, password: newPassword })).status).toBe(200);
  });

  it('are mentioned only to a client that knows the password', async () => {
    await signIn();
    await signIn();
    expect((await signIn({ ...anna, password: 'not hers at all' })).body.error.code).toBe('invalid_credentials');
  });
});

describe('sockets', () => {
  it('are refused beyond the quota, also concurrently, until one closes', async () => {
    const [first] = [await server.connect(anna), await server.connect(anna)];
    const came = await Promise.allSettled(Array.from({ length: CROWD }, () => server.connect(anna)));
    expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of came) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ data: refusal('sockets') });
    }
    await server.connect(await newUser(server, 'boris'));
    first.close();
    expect(await eventually(() => server.connect(anna))).toBeDefined();
  });
});

describe('a quota of 0', () => {
  it('means no quota', async () => {
    const names = ['ROOMS', 'GUESTS', 'INVITATIONS', 'MESSAGES', 'DEVICES', 'SOCKETS'];
    const free = await startApp({
      database: server.db,
      env: Object.fromEntries(names.map((name) => [`QUOTA_${name}`, '0'])),
    });
    const boris = await newUser(free, 'boris');
    const rooms = await crowd(() => newRoom(boris), 5);
    const roomId = rooms[0]!.id;
    const codes = await crowd(() => newCode(boris, roomId, { role: 'guest' }), 5);
    for (const code of codes) {
      const { status } = await new RestClient(free.url).request('POST /invitations/:code/guest', {
        code,
        body: { name: 'Uncle Vanya' },
      });
      expect(status).toBe(201);
    }
    const { email, password } = boris;
    const signedIn = await crowd(
      () => new RestClient(free.url).request('POST /auth/login', { body: { email, password } }),
      5,
    );
    expect(signedIn.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const sockets = await crowd(() => TestSocket.connect(free.url, boris.rest.token), 5);
    const send = (socket: TestSocket) => socket.ask('chat:send', { roomId, id: randomUUID(), text: 'Hello' });
    expect((await Promise.all(sockets.map(send))).map(({ seq }) => seq).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await server.db.query('SELECT FROM message_counts WHERE user_id = $1', [boris.id])).toEqual([]);
    for (const socket of sockets) socket.close();
    await free.close();
  });
});
