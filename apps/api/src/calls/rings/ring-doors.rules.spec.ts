import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, ring, answer } = three;

beforeEach(async () => {
  await join(three.a);
  await join(three.c);
});

describe('rings at a door', () => {
  it('let in through a locked one whom a moderator rings, and say so to who may not', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    all.rooms.setDoor(roomId, 'locked');
    for (const userIds of [undefined, [boris.id]]) {
      expect(await c.refusal('ring:start', { roomId, userIds })).toBe('room_locked');
    }
    expect(await b.refusal('call:join', { roomId })).toBe('room_locked');
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await join(b);
    // Who was in the call is let back in, and can be rung by everybody.
    await b.ask('call:leave', {});
    const again = await c.ask('ring:start', { roomId, userIds: [boris.id] });
    expect(again.rings).toMatchObject([{ callerId: clara.id, status: 'ringing' }]);
    expect(again.rings[0]?.id).not.toBe(ringId);
  });

  it('let in whom a moderator rings, also while somebody else’s ring goes on or was accepted', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    all.rooms.setDoor(roomId, 'lobby');
    await ring(c, boris);
    await answer(b, 'ring:accept');
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    const { rings } = await a.ask('ring:start', { roomId, userIds: [boris.id] });
    expect(rings).toMatchObject([{ id: ringId, callerId: clara.id, status: 'accepted' }]);
    // Nobody’s ring takes away what a moderator’s has given.
    await c.ask('ring:start', { roomId, userIds: [boris.id] });
    expect((await join(b)).participants).toHaveLength(2);
    expect(b.events('ring:changed').map((event) => event.ring.status)).toEqual(['ringing', 'accepted']);
  });

  it('pass over whom a locked one keeps out when everybody is rung', async () => {
    const { all, roomId, ringId, anna, boris, a, b, c } = three;
    all.rooms.setDoor(roomId, 'locked');
    await a.ask('call:leave', {});
    const userIds = [anna.id, boris.id];
    expect(await c.refusal('ring:start', { roomId, id: ringId, userIds })).toBe('room_locked');
    const { rings } = await c.ask('ring:start', { roomId, id: ringId });
    expect(rings).toMatchObject([{ id: ringId, calleeId: anna.id, status: 'ringing' }]);
    expect(b.events('ring:changed')).toEqual([]);
  });
});
