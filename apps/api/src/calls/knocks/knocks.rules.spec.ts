import { SEAT_LEASE_DURATION_MS } from '@webcall/contracts';
import type { Door } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { LiveCalls } from '../core/live-calls';
import type { Device } from '../testing/device';
import { LEASE_EXPIRY_NOTICE, ThreeInARoom } from '../testing/three-in-a-room';
import { KnocksService } from './knocks.service';

const three = ThreeInARoom.prepareEachTest();
const { join, call } = three;
const knockingNames = async (): Promise<string[]> => (await call())?.knocks.map(({ name }) => name) ?? [];
const outcome = (device: Device): string | undefined => device.receivedEvents('knock:answered').at(-1)?.outcome;
const knock = (device: Device) => device.requestCommand('knock:start', { roomId: three.roomId });

beforeEach(() => three.all.rooms.setRoomDoor(three.roomId, 'lobby'));

describe('knocks', () => {
  it('are announced in the call, and a user who is admitted can join', async () => {
    const { roomId, boris, a, b } = three;
    await join(a);
    expect(await b.requestRefusalCode('call:join', { roomId })).toBe('knock_first');
    await knock(b);
    expect(a.receivedCallChanges().at(-1)).toMatchObject({
      type: 'knocked',
      knock: { userId: boris.id, name: boris.name },
    });
    expect(await b.requestRefusalCode('call:join', { roomId })).toBe('knock_first');
    const knockId = (await call())!.knocks[0]!.id;
    await a.requestCommand('knock:answer', { roomId, knockId, admit: true });
    expect(outcome(b)).toBe('admitted');
    await join(b);
    expect(await a.requestRefusalCode('knock:answer', { roomId, knockId, admit: true })).toBe('knock_not_found');
    // A user who was let in once need not knock again in the same call.
    await b.requestCommand('call:leave', {});
    await join(b);
  });

  it('do not reveal the device’s session to the room', async () => {
    const { a, b } = three;
    await join(a);
    await knock(b);
    const change = a.receivedCallChanges().at(-1);
    const [knocked] = (await call())!.knocks;
    expect(JSON.stringify([change, knocked])).not.toContain(b.socket.data.principal.sessionId);
    expect(change).toEqual({ type: 'knocked', knock: knocked });
  });

  it('are all denied at once', async () => {
    const { all, roomId, boris, a, b } = three;
    await join(a);
    const guest = all.rooms.createPerson('Uncle Vanya', { guest: true });
    all.rooms.addRoomMember(roomId, guest, 'guest');
    const g = all.connectDevice(guest);
    for (const device of [b, g]) await knock(device);
    expect(await knockingNames()).toEqual([boris.name, 'Uncle Vanya']);
    await a.requestCommand('knock:answer', { roomId, admit: false });
    for (const device of [b, g]) {
      expect(outcome(device)).toBe('denied');
      expect(await device.requestRefusalCode('call:join', { roomId })).toBe('knock_first');
    }
    expect(await b.requestRefusalCode('knock:answer', { roomId, admit: true })).toBe('forbidden');
  });

  it('need a running call, and a door that keeps the user out', async () => {
    const { all, roomId, a, b } = three;
    expect(await b.requestRefusalCode('call:join', { roomId })).toBe('knock_first');
    expect(await b.requestRefusalCode('knock:start', { roomId })).toBe('call_not_running');
    await join(a);
    all.rooms.setRoomDoor(roomId, 'open');
    await knock(b);
    expect(outcome(b)).toBe('admitted');
    expect(await knockingNames()).toEqual([]);
  });

  it.each([
    ['open', 'admitted'],
    ['locked', 'denied'],
  ] as [Door, string][])('are answered when the door is %s: %s', async (door, expected) => {
    const { all, roomId, a, b } = three;
    await join(a);
    await knock(b);
    all.rooms.setRoomDoor(roomId, door);
    await all.waitUntilSettled();
    expect(outcome(b)).toBe(expected);
  });

  it('go on without a moderator in the call, and end with the call', async () => {
    const { all, roomId, boris, a, b, c } = three;
    await join(a);
    await knock(c);
    await a.requestCommand('knock:answer', { roomId, admit: true });
    await join(c);
    await a.requestCommand('call:leave', {});
    await knock(b);
    // Nobody in the call may let them in, but a moderator of the room outside the call still may.
    expect(await c.requestRefusalCode('knock:answer', { roomId, admit: true })).toBe('forbidden');
    await all.advanceTime(10 * SEAT_LEASE_DURATION_MS);
    expect(await knockingNames()).toEqual([boris.name]);
    await c.requestCommand('call:leave', {});
    expect(outcome(b)).toBe('gone');
  });

  it('end when they are cancelled or the device disconnects', async () => {
    const { roomId, a, b } = three;
    await join(a);
    await knock(b);
    await b.requestCommand('knock:cancel', { roomId });
    await b.requestCommand('knock:cancel', { roomId });
    expect(await knockingNames()).toEqual([]);
    await knock(b);
    await b.cutConnection();
    expect(a.receivedCallChanges().at(-1)).toMatchObject({ type: 'unknocked', outcome: 'gone' });
    expect(b.receivedEvents('knock:answered')).toEqual([]);
  });

  it('are kept exactly as long as the device waits', async () => {
    const { all, boris, a, b } = three;
    await join(a);
    await knock(b);
    await all.advanceTime(20 * SEAT_LEASE_DURATION_MS);
    expect(await knockingNames()).toEqual([boris.name]);
    await b.cutConnection();
    expect(await knockingNames()).toEqual([]);
  });

  it('of a crashed process end when their leases expire', async () => {
    const { all, roomId, boris, a, b } = three;
    await join(a);
    await knock(b);
    // As the killed process would have left it: a knock with a lease that nobody renews.
    const ghost = { id: randomUUID(), userId: boris.id, name: 'ghost' };
    await all.getProvider(LiveCalls).compareAndSet(roomId, (live) => {
      const state = { ...live!.call, knocks: [...live!.call.knocks, ghost] };
      return { step: { ok: true, state, changes: [] } };
    });
    const lease = { group: roomId, member: { knockId: ghost.id, socketId: 'nobody' } };
    await all.getProvider(KnocksService)['leases'].acquireLease(lease, SEAT_LEASE_DURATION_MS);
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    expect(await knockingNames()).toEqual([boris.name, 'ghost']);
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(a.receivedCallChanges().at(-1)).toMatchObject({ type: 'unknocked', knockId: ghost.id, outcome: 'gone' });
    expect(await knockingNames()).toEqual([boris.name]);
  });

  it('that the store has lost together with their call are still answered', async () => {
    const { all, roomId, a, b } = three;
    await join(a);
    await knock(b);
    await all.getProvider(LiveCalls)['live'].updateAtomically(roomId, () => ({ next: undefined, events: [] }));
    expect(outcome(b)).toBeUndefined();
    await all.advanceTime((2 * SEAT_LEASE_DURATION_MS) / 3);
    expect(outcome(b)).toBe('gone');
  });

  it('belong to a device: they end with its last tab, and another device knocks on its own', async () => {
    const { all, roomId, boris, a, b } = three;
    await join(a);
    const [tab, phone] = [all.reconnectDevice(b), all.connectDevice(boris)];
    for (const device of [b, tab, phone]) await knock(device);
    expect(await knockingNames()).toEqual([boris.name, boris.name]);
    await b.cutConnection();
    await phone.requestCommand('knock:cancel', { roomId });
    expect(await knockingNames()).toEqual([boris.name]);
    await knock(phone);
    const knockId = (await call())!.knocks[0]!.id;
    await a.requestCommand('knock:answer', { roomId, knockId, admit: true });
    for (const device of [tab, phone]) expect(outcome(device)).toBe('admitted');
  });

  it('end for a user who is removed from the room, and are admitted for one who becomes a moderator', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    await join(a);
    for (const device of [b, c]) await knock(device);
    all.rooms.setMemberRole(roomId, boris, 'moderator');
    await all.waitUntilSettled();
    expect(outcome(b)).toBe('admitted');
    all.rooms.removeRoomMember(roomId, clara);
    await all.waitUntilSettled();
    expect(outcome(c)).toBe('gone');
    expect(await knockingNames()).toEqual([]);
    expect(await c.requestRefusalCode('knock:start', { roomId })).toBe('room_not_found');
  });

  it('are for others at a locked door, which lets former participants back in', async () => {
    const { all, roomId, a, b, c } = three;
    await join(a);
    all.rooms.setRoomDoor(roomId, 'open');
    await join(b);
    await b.requestCommand('call:leave', {});
    all.rooms.setRoomDoor(roomId, 'locked');
    await join(b);
    expect(await c.requestRefusalCode('call:join', { roomId })).toBe('room_locked');
    expect(await b.requestRefusalCode('knock:answer', { roomId, knockId: randomUUID(), admit: true })).toBe(
      'forbidden',
    );
    await knock(c);
    await a.requestCommand('knock:answer', { roomId, admit: true });
    expect(outcome(c)).toBe('admitted');
    await join(c);
  });
});
