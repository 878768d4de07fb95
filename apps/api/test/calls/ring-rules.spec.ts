import { randomUUID } from 'node:crypto';
import { RingCallees } from '../../src/calls/rings/ring-callees';
import { describeRings } from '../support/ringing';
import { newRoom, type TestUser } from '../support/test-app';

describeRings('the rules of rings', (it) => {
  it('let only one device accept a ring, even at the same moment', async ({
    servers: { near, far },
    boris,
    roomId,
    id,
    a,
    device,
    ring,
    status,
  }) => {
    const phones = await Promise.all(Array.from({ length: 4 }, (_, i) => device(boris, i % 2 ? near : far)));
    await ring(a, boris);
    const acks = await Promise.all(phones.map((phone) => phone.send('ring:accept', { roomId, ringId: id })));
    expect(acks.filter((ack) => ack.ok)).toHaveLength(1);
    await status(a, 'accepted');
    expect(a.events('ring:changed').filter((event) => event.ring.status !== 'ringing')).toHaveLength(1);
  });

  it('end a ring when the callee is removed from the room, or the room is deleted', async ({
    anna,
    boris,
    clara,
    roomId,
    id,
    a,
    b,
    c,
    ring,
    status,
  }) => {
    await ring(a, boris, clara);
    await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: boris.id });
    await status(b, 'cancelled');
    expect(await b.refusal('ring:accept', { roomId, ringId: id })).toBe('room_not_found');
    await anna.rest.request('DELETE /rooms/:roomId', { roomId });
    await status(c, 'cancelled', clara);
  });

  it('end a ring and delete its rows when the callee deletes the account', async ({ boris, a, ring, status, rows }) => {
    await ring(a, boris);
    await boris.rest.request('DELETE /auth/me', { body: { password: boris.password } });
    await status(a, 'cancelled');
    expect(await rows()).toEqual([]);
  });

  it('ring everybody in a large room at once', async ({ servers: { near }, roomId, id, a, rows }) => {
    await near.db.query(
      `WITH crowd AS (
         INSERT INTO users (username, name_look, email, canonical_email, password_hash)
         SELECT 'crowd-' || n || $1::uuid, 'crowd-' || n || $1::uuid, n || '-' || $1::uuid || '@example.org', gen_random_uuid(), 'none' FROM generate_series(1, 60) n
         RETURNING id
       ) INSERT INTO members (room_id, user_id, role) SELECT $1::uuid, id, 'member' FROM crowd`,
      [roomId],
    );
    const { rings } = await a.ask('ring:start', { roomId, id });
    expect(rings.map(({ status }) => status)).toEqual(Array(62).fill('ringing'));
    expect(await rows()).toHaveLength(62);
    await a.ask('ring:cancel', { roomId, ringId: id });
    expect((await rows()).filter(({ status }) => status === 'cancelled')).toHaveLength(62);
  });

  it('miss a ring at once for a callee with do-not-disturb, in this room or everywhere', async ({
    servers: { near },
    boris,
    clara,
    a,
    b,
    c,
    ring,
    entry,
  }) => {
    await near.db.query('UPDATE users SET do_not_disturb = true WHERE id = $1', [boris.id]);
    await near.db.query('UPDATE members SET do_not_disturb = true WHERE user_id = $1', [clara.id]);
    expect(await ring(a, boris, clara)).toMatchObject([
      { quiet: true, status: 'missed' },
      { quiet: true, status: 'missed' },
    ]);
    expect((await b.ask('ring:list', {})).rings).toEqual([]);
    expect((await entry(c, 'ring')).callees).toHaveLength(2);
  });

  it('accept a ring id regardless of case, and only in its own call', async ({
    boris,
    clara,
    roomId,
    id,
    a,
    b,
    c,
    ring,
    rows,
  }) => {
    const [first] = (await a.ask('ring:start', { roomId, id: id.toUpperCase(), userIds: [boris.id] })).rings;
    expect(first).toMatchObject({ id, status: 'ringing' });
    expect(await ring(a, boris)).toMatchObject([{ version: first?.version }]);
    const ref = { roomId, ringId: id.toUpperCase() };
    await b.ask('ring:reach', ref);
    expect((await b.ask('ring:hold', ref)).ring).toMatchObject({ id, waiting: true });
    await a.ask('ring:cancel', ref);
    await a.ask('call:leave', {});
    await a.ask('call:join', { roomId });
    for (const user of [boris, clara]) {
      expect(await a.refusal('ring:start', { roomId, id, userIds: [user.id] })).toBe('id_taken');
    }
    expect(c.events('ring:changed')).toEqual([]);
    expect(await rows()).toMatchObject([{ status: 'cancelled' }]);
  });

  it('miss a ring between users with a block in either direction, which looks like do-not-disturb', async ({
    servers: { near },
    anna,
    boris,
    clara,
    roomId,
    id,
    a,
    b,
  }) => {
    const block = (by: TestUser, whom: TestUser) => {
      const [first, second] = [by.id, whom.id].sort();
      return near.db.query(
        `INSERT INTO contacts (first_id, second_id, blocked_by_first, blocked_by_second) VALUES ($1, $2, $3, $4)`,
        [first, second, first === by.id, second === by.id],
      );
    };
    await block(boris, anna);
    await block(anna, clara);
    expect(await a.refusal('ring:start', { roomId, id, userIds: [clara.id] })).toBe('user_blocked');
    // Nor does it show that the callee is in another call, as it would to a caller who is not blocked.
    const elsewhere = await newRoom(boris);
    await b.ask('call:join', { roomId: elsewhere.id });
    const silent = { rings: [{ calleeId: boris.id, quiet: true, busy: false, status: 'missed' }] };
    expect(await a.ask('ring:start', { roomId, id, userIds: [boris.id] })).toMatchObject(silent);
    expect(await a.ask('ring:start', { roomId, id: randomUUID() })).toMatchObject(silent);
  });

  it('silence a ring for a callee who blocks the caller, and not for the others', async ({
    anna,
    boris,
    clara,
    a,
    b,
    ring,
    status,
  }) => {
    await ring(a, boris, clara);
    expect((await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id })).status).toBe(200);
    await Promise.all([a, b].map((socket) => status(socket, 'missed')));
    expect((await a.ask('ring:list', {})).rings).toMatchObject([{ calleeId: clara.id, status: 'ringing' }]);
  });

  it('silence a ring also for a callee who blocks the caller while the ring starts', async ({
    servers: { near },
    anna,
    boris,
    a,
    b,
    ring,
    status,
  }) => {
    const callees = near.app.get(RingCallees, { strict: false });
    const find = callees.findCallees.bind(callees);
    jest.spyOn(callees, 'findCallees').mockImplementationOnce(async (...asked) => {
      const found = await find(...asked);
      expect((await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id })).status).toBe(200);
      return found;
    });
    await ring(a, boris);
    await Promise.all([a, b].map((socket) => status(socket, 'missed')));
  });

  it('broadcast each version once and in order', async ({
    servers: { far },
    boris,
    clara,
    roomId,
    a,
    b,
    c,
    device,
    ring,
    reach,
    answer,
    status,
    versions,
  }) => {
    await ring(a, boris, clara);
    const phone = await device(boris, far);
    await Promise.all([b, phone, c].map(reach));
    await Promise.all([answer(b, 'ring:decline'), c.ask('call:join', { roomId })]);
    await Promise.all([status(a, 'declined'), status(a, 'accepted', clara)]);
    const ringVersions = a.events('ring:changed').map(({ ring: { version } }) => version);
    expect(ringVersions).toEqual([...new Set(ringVersions)].sort((x, y) => x - y));
    expect(versions(a)).toEqual(versions(a).map((_, i) => i + 1));
  });
});
