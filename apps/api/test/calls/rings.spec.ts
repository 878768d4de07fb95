import { randomUUID } from 'node:crypto';
import { describeRings } from '../support/ringing';
import type { TestSocket } from '../support/sockets';
import { bringIn, type TestUser } from '../support/test-app';

describeRings('rings', (it) => {
  it('notify the devices of both users, with everything that they show', async ({
    anna,
    boris,
    roomId,
    id,
    a,
    b,
    c,
    ring,
    status,
    call,
    rows,
  }) => {
    const [started] = await ring(a, boris);
    expect(started).toEqual({
      id,
      roomId,
      roomName: `Room of ${anna.username}`,
      kind: 'group',
      callId: expect.any(String),
      version: 2,
      callerId: anna.id,
      callerName: anna.username,
      calleeId: boris.id,
      calleeName: boris.username,
      status: 'ringing',
      devices: 0,
      busy: false,
      quiet: false,
      waiting: false,
    });
    expect(await status(b, 'ringing')).toEqual(started);
    expect(await status(a, 'ringing')).toEqual(started);
    await c.event('call:changed', ({ change }) => change.type === 'ring' && change.ring.calleeId === boris.id);
    expect(c.events('ring:changed')).toEqual([]);
    expect((await call(c))?.rings).toMatchObject([{ id, status: 'ringing' }]);
    expect(await rows()).toEqual([{ callee: boris.id, status: 'ringing', over: false }]);
  });

  it('ring on two devices, and the caller sees the number, also after a lost and a restored socket', async ({
    servers: { near },
    boris,
    id,
    a,
    b,
    c,
    connect,
    device,
    ring,
    reach,
    devices,
  }) => {
    const phone = await device(boris, near);
    await ring(a, boris);
    await Promise.all([reach(b), reach(phone)]);
    const both = await devices(a, 2);
    await reach(b);
    // Another tab does not count as a further device, and keeps its device ringing.
    const tab = await connect(boris, near);
    await reach(tab);
    b.cut();
    tab.cut();
    const versionWithOne = await devices(a, 1, both);
    b = await connect(boris, near);
    expect((await b.ask('ring:list', {})).rings).toMatchObject([{ id, status: 'ringing', devices: 1 }]);
    await reach(b);
    await devices(a, 2, versionWithOne);
    expect((await a.ask('ring:list', {})).rings).toMatchObject([{ id, calleeId: boris.id, devices: 2 }]);
    expect((await c.ask('ring:list', {})).rings).toEqual([]);
  });

  it('stop on all devices, and for the caller, when they are declined', async ({
    servers: { near },
    boris,
    roomId,
    id,
    a,
    b,
    c,
    device,
    ring,
    reach,
    answer,
    status,
    entry,
  }) => {
    const phone = await device(boris, near);
    await ring(a, boris);
    await Promise.all([reach(b), reach(phone)]);
    expect(await answer(phone, 'ring:decline')).toMatchObject({ status: 'declined', devices: 0 });
    await Promise.all([a, b, phone].map((socket) => status(socket, 'declined')));
    expect(await b.refusal('ring:accept', { roomId, ringId: id })).toBe('ring_over');
    expect(await answer(b, 'ring:decline')).toMatchObject({ status: 'declined' });
    expect(await entry(c, 'ring')).toMatchObject({ callees: [{ userId: boris.id, status: 'declined' }] });
  });

  it('stop on the other device when they are accepted on one, without an entry', async ({
    servers: { near },
    anna,
    boris,
    roomId,
    id,
    a,
    b,
    c,
    device,
    ring,
    reach,
    answer,
    status,
    call,
    messages,
    entry,
    rows,
  }) => {
    const phone = await device(boris, near);
    await ring(a, boris);
    await Promise.all([reach(b), reach(phone)]);
    expect(await answer(phone, 'ring:accept')).toMatchObject({ status: 'accepted' });
    await Promise.all([a, b, phone].map((socket) => status(socket, 'accepted')));
    expect(await answer(phone, 'ring:accept')).toMatchObject({ status: 'accepted' });
    expect(await b.refusal('ring:accept', { roomId, ringId: id })).toBe('ring_over');
    expect(await b.refusal('ring:decline', { roomId, ringId: id })).toBe('ring_over');
    await phone.ask('call:join', { roomId });
    expect((await call(a))?.participants).toHaveLength(2);
    expect(await rows()).toEqual([{ callee: boris.id, status: 'accepted', over: true }]);
    await near.db.query(`UPDATE calls SET started_at = started_at - interval '1 hour' WHERE room_id = $1`, [roomId]);
    await phone.ask('call:leave', {});
    await a.ask('call:leave', {});
    const over = await entry(c, 'call');
    expect(over.people).toEqual([
      { userId: anna.id, name: anna.username },
      { userId: boris.id, name: boris.username },
    ]);
    // It rang for an hour, and the call was short.
    expect(over.durationMs).toBeLessThan(60_000);
    expect((await messages()).map(({ content, authorId }) => [content.type, authorId])).toEqual([['call', anna.id]]);
  });

  it('are cancelled for one callee, or for all', async ({
    boris,
    clara,
    roomId,
    id,
    a,
    b,
    c,
    ring,
    status,
    messages,
    entry,
  }) => {
    await ring(a, boris, clara);
    await a.ask('ring:cancel', { roomId, ringId: id, userId: boris.id });
    await status(b, 'cancelled');
    expect(c.events('ring:changed').map((event) => event.ring.status)).toEqual(['ringing']);
    await entry(c, 'ring', ({ callees }) => callees.length === 1);
    await a.ask('ring:cancel', { roomId, ringId: id });
    await status(c, 'cancelled', clara);
    // One entry for the whole ring, which was extended.
    expect((await entry(c, 'ring', ({ callees }) => callees.length === 2)).callees).toEqual([
      { userId: boris.id, name: boris.username, status: 'cancelled' },
      { userId: clara.id, name: clara.username, status: 'cancelled' },
    ]);
    await a.ask('ring:cancel', { roomId, ringId: id });
    expect(await messages()).toMatchObject([{ seq: 1, revision: 1, editedAt: null }]);
  });

  it('between two users who ring each other at the same moment become one call, and nobody rings', async ({
    anna,
    boris,
    a,
    b,
  }) => {
    const { body } = await anna.rest.request('POST /rooms', { body: { name: 'Two', visibility: 'private' } });
    await bringIn(anna, body.id, boris);
    await a.ask('call:leave', {});
    const ringUp = async (socket: TestSocket, other: TestUser): Promise<string> => {
      const { callId } = await socket.ask('call:join', { roomId: body.id });
      await socket.ask('ring:start', { roomId: body.id, id: randomUUID(), userIds: [other.id] });
      return callId;
    };
    const [first, second] = await Promise.all([ringUp(a, boris), ringUp(b, anna)]);
    expect(first).toBe(second);
    const { call: state } = await a.ask('call:get', { roomId: body.id });
    expect(state?.participants).toHaveLength(2);
    expect(state?.rings.filter((r) => r.status === 'ringing')).toEqual([]);
  });
});
