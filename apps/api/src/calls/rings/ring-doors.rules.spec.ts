import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.prepareEachTest();
const { join, ring, answer } = three;

beforeEach(async () => {
  await join(three.a);
  await join(three.c);
});

describe('rings at a door', () => {
  it('let a callee in through a locked door if a moderator rings them, and are refused from others', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    all.rooms.setRoomDoor(roomId, 'locked');
    for (const userIds of [undefined, [boris.id]]) {
      expect(await c.requestRefusalCode('ring:start', { roomId, userIds })).toBe('room_locked');
    }
    expect(await b.requestRefusalCode('call:join', { roomId })).toBe('room_locked');
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await join(b);
    // A user who was in the call before is let back in, and can be rung by everybody.
    await b.requestCommand('call:leave', {});
    const again = await c.requestCommand('ring:start', { roomId, userIds: [boris.id] });
    expect(again.rings).toMatchObject([{ callerId: clara.id, status: 'ringing' }]);
    expect(again.rings[0]?.id).not.toBe(ringId);
  });

  it('of a moderator let the callee in even if another member’s ring goes on or was accepted', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    all.rooms.setRoomDoor(roomId, 'lobby');
    await ring(c, boris);
    await answer(b, 'ring:accept');
    expect(await b.requestRefusalCode('call:join', { roomId })).toBe('knock_first');
    const { rings } = await a.requestCommand('ring:start', { roomId, userIds: [boris.id] });
    expect(rings).toMatchObject([{ id: ringId, callerId: clara.id, status: 'accepted' }]);
    // A later ring of another member does not take away the admission that a moderator’s ring gave.
    await c.requestCommand('ring:start', { roomId, userIds: [boris.id] });
    expect((await join(b)).participants).toHaveLength(2);
    expect(b.receivedEvents('ring:changed').map((event) => event.ring.status)).toEqual(['ringing', 'accepted']);
  });

  it('leave out users whom a locked door keeps out when everybody is rung', async () => {
    const { all, roomId, ringId, anna, boris, a, b, c } = three;
    all.rooms.setRoomDoor(roomId, 'locked');
    await a.requestCommand('call:leave', {});
    const userIds = [anna.id, boris.id];
    expect(await c.requestRefusalCode('ring:start', { roomId, id: ringId, userIds })).toBe('room_locked');
    const { rings } = await c.requestCommand('ring:start', { roomId, id: ringId });
    expect(rings).toMatchObject([{ id: ringId, calleeId: anna.id, status: 'ringing' }]);
    expect(b.receivedEvents('ring:changed')).toEqual([]);
  });
});
