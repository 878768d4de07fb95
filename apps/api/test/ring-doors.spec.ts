import { describeRings } from './support/ringing';

describeRings('rings at a door', (it) => {
  it('let in through a locked one whom a moderator rings, and say so to who may not', async ({
    anna,
    boris,
    clara,
    roomId,
    id,
    a,
    b,
    c,
    ring,
    answer,
  }) => {
    await c.ask('call:join', { roomId });
    expect((await anna.rest.patch(`/rooms/${roomId}`, { door: 'locked' })).status).toBe(200);
    for (const userIds of [undefined, [boris.id]]) {
      expect(await c.refusal('ring:start', { roomId, userIds })).toBe('room_locked');
    }
    expect(await b.refusal('call:join', { roomId })).toBe('room_locked');
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await b.ask('call:join', { roomId });
    // Who was in the call is let back in, and can be rung by everybody.
    await b.ask('call:leave', {});
    const again = await c.ask('ring:start', { roomId, userIds: [boris.id] });
    expect(again.rings).toMatchObject([{ callerId: clara.id, status: 'ringing' }]);
    expect(again.rings[0]?.id).not.toBe(id);
  });

  it('let in whom a moderator rings, also while somebody else’s ring goes on or was accepted', async ({
    anna,
    boris,
    clara,
    roomId,
    id,
    a,
    b,
    c,
    answer,
  }) => {
    await c.ask('call:join', { roomId });
    expect((await anna.rest.patch(`/rooms/${roomId}`, { door: 'lobby' })).status).toBe(200);
    await c.ask('ring:start', { roomId, id, userIds: [boris.id] });
    await answer(b, 'ring:accept');
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    const { rings } = await a.ask('ring:start', { roomId, userIds: [boris.id] });
    expect(rings).toMatchObject([{ id, callerId: clara.id, status: 'accepted' }]);
    // Nobody’s ring takes away what a moderator’s has given.
    await c.ask('ring:start', { roomId, userIds: [boris.id] });
    expect((await b.ask('call:join', { roomId })).participants).toHaveLength(2);
    expect(b.events('ring:changed').map(({ ring }) => ring.status)).toEqual(['ringing', 'accepted']);
  });

  it('pass over whom a locked one keeps out when everybody is rung', async ({ anna, boris, roomId, id, a, b, c }) => {
    await c.ask('call:join', { roomId });
    expect((await anna.rest.patch(`/rooms/${roomId}`, { door: 'locked' })).status).toBe(200);
    await a.ask('call:leave', {});
    expect(await c.refusal('ring:start', { roomId, id, userIds: [anna.id, boris.id] })).toBe('room_locked');
    const { rings } = await c.ask('ring:start', { roomId, id });
    expect(rings).toMatchObject([{ id, calleeId: anna.id, status: 'ringing' }]);
    expect(b.events('ring:changed')).toEqual([]);
  });
});
