import { randomUUID } from 'node:crypto';
import { SEAT_LEASE } from '@webcall/contracts';
import type { Door } from '@webcall/domain';
import { KnocksService } from './knocks.service';
import { LiveCalls } from '../core/live-calls';
import type { Device } from '../testing/device';
import { NOTICE, ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, call } = three;
const waiting = async (): Promise<string[]> => (await call())?.knocks.map(({ name }) => name) ?? [];
const outcome = (device: Device): string | undefined => device.events('knock:answered').at(-1)?.outcome;
const knock = (device: Device) => device.ask('knock:start', { roomId: three.roomId });

beforeEach(() => three.all.rooms.setDoor(three.roomId, 'lobby'));

describe('knocks', () => {
  it('are heard in the call, and whoever is admitted comes in', async () => {
    const { roomId, boris, a, b } = three;
    await join(a);
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    await knock(b);
    expect(a.changes().at(-1)).toMatchObject({ type: 'knocked', knock: { userId: boris.id, name: boris.name } });
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    const knockId = (await call())!.knocks[0]!.id;
    await a.ask('knock:answer', { roomId, knockId, admit: true });
    expect(outcome(b)).toBe('admitted');
    await join(b);
    expect(await a.refusal('knock:answer', { roomId, knockId, admit: true })).toBe('knock_not_found');
    // Once let in, nobody knocks again in the same call.
    await b.ask('call:leave', {});
    await join(b);
  });

  it('do not tell the room of the device’s session', async () => {
    const { a, b } = three;
    await join(a);
    await knock(b);
    const change = a.changes().at(-1);
    const [knocked] = (await call())!.knocks;
    expect(JSON.stringify([change, knocked])).not.toContain(b.socket.data.principal.sessionId);
    expect(change).toEqual({ type: 'knocked', knock: knocked });
  });

  it('are denied, one and all', async () => {
    const { all, roomId, boris, a, b } = three;
    await join(a);
    const guest = all.rooms.newPerson('Uncle Vanya', { guest: true });
    all.rooms.bringIn(roomId, guest, 'guest');
    const g = all.device(guest);
    for (const device of [b, g]) await knock(device);
    expect(await waiting()).toEqual([boris.name, 'Uncle Vanya']);
    await a.ask('knock:answer', { roomId, admit: false });
    for (const device of [b, g]) {
      expect(outcome(device)).toBe('denied');
      expect(await device.refusal('call:join', { roomId })).toBe('knock_first');
    }
    expect(await b.refusal('knock:answer', { roomId, admit: true })).toBe('forbidden');
  });

  it('need a call, and a door that keeps one out', async () => {
    const { all, roomId, a, b } = three;
    expect(await b.refusal('call:join', { roomId })).toBe('knock_first');
    expect(await b.refusal('knock:start', { roomId })).toBe('call_not_running');
    await join(a);
    all.rooms.setDoor(roomId, 'locked');
    expect(await b.refusal('knock:start', { roomId })).toBe('room_locked');
    all.rooms.setDoor(roomId, 'open');
    await knock(b);
    expect(outcome(b)).toBe('admitted');
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ['open', 'admitted'],
    ['locked', 'denied'],
  ] as [Door, string][])('are answered when the door is %s: %s', async (door, expected) => {
    const { all, roomId, a, b } = three;
    await join(a);
    await knock(b);
    all.rooms.setDoor(roomId, door);
    await all.settled();
    expect(outcome(b)).toBe(expected);
  });

  it('are over with the call, which need not have a moderator in it', async () => {
    const { all, roomId, boris, a, b, c } = three;
    await join(a);
    await knock(c);
    await a.ask('knock:answer', { roomId, admit: true });
    await join(c);
    await a.ask('call:leave', {});
    await knock(b);
    // Nobody who is in the call may let them in; who moderates the room still may.
    expect(await c.refusal('knock:answer', { roomId, admit: true })).toBe('forbidden');
    await all.pass(10 * SEAT_LEASE);
    expect(await waiting()).toEqual([boris.name]);
    await c.ask('call:leave', {});
    expect(outcome(b)).toBe('gone');
  });

  it('go when they are taken back, or the line of the device is gone', async () => {
    const { roomId, a, b } = three;
    await join(a);
    await knock(b);
    await b.ask('knock:cancel', { roomId });
    await b.ask('knock:cancel', { roomId });
    expect(await waiting()).toEqual([]);
    await knock(b);
    await b.cut();
    expect(a.changes().at(-1)).toMatchObject({ type: 'unknocked', outcome: 'gone' });
    expect(b.events('knock:answered')).toEqual([]);
  });

  it('are kept for as long as the device waits, and not a moment longer', async () => {
    const { all, boris, a, b } = three;
    await join(a);
    await knock(b);
    await all.pass(20 * SEAT_LEASE);
    expect(await waiting()).toEqual([boris.name]);
    await b.cut();
    expect(await waiting()).toEqual([]);
  });

  it('of a process that died go when their leases have run out', async () => {
    const { all, roomId, boris, a, b } = three;
    await join(a);
    await knock(b);
    // As the killed process would have left it: a knock with a lease that nobody renews.
    const ghost = { id: randomUUID(), userId: boris.id, name: 'ghost' };
    await all.get(LiveCalls).take(roomId, (live) => {
      const state = { ...live!.call, knocks: [...live!.call.knocks, ghost] };
      return { step: { ok: true, state, changes: [] } };
    });
    await all.get(KnocksService)['leases'].hold({ group: roomId, member: `${ghost.id} nobody` }, SEAT_LEASE);
    await all.pass(SEAT_LEASE - 1);
    expect(await waiting()).toEqual([boris.name, 'ghost']);
    await all.pass(NOTICE);
    expect(a.changes().at(-1)).toMatchObject({ type: 'unknocked', knockId: ghost.id, outcome: 'gone' });
    expect(await waiting()).toEqual([boris.name]);
  });

  it('that the store has lost with their call are answered all the same', async () => {
    const { all, roomId, a, b } = three;
    await join(a);
    await knock(b);
    await all.get(LiveCalls)['live'].update(roomId, () => ({ next: undefined, events: [] }));
    expect(outcome(b)).toBeUndefined();
    await all.pass((2 * SEAT_LEASE) / 3);
    expect(outcome(b)).toBe('gone');
  });

  it('are the device’s: they go with the last of its tabs, and another device knocks for itself', async () => {
    const { all, roomId, boris, a, b } = three;
    await join(a);
    const [tab, phone] = [all.again(b), all.device(boris)];
    for (const device of [b, tab, phone]) await knock(device);
    expect(await waiting()).toEqual([boris.name, boris.name]);
    await b.cut();
    await phone.ask('knock:cancel', { roomId });
    expect(await waiting()).toEqual([boris.name]);
    await knock(phone);
    const knockId = (await call())!.knocks[0]!.id;
    await a.ask('knock:answer', { roomId, knockId, admit: true });
    for (const device of [tab, phone]) expect(outcome(device)).toBe('admitted');
  });

  it('go with who is taken out of the room, and are over for who becomes a moderator', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    await join(a);
    for (const device of [b, c]) await knock(device);
    all.rooms.setRole(roomId, boris, 'moderator');
    await all.settled();
    expect(outcome(b)).toBe('admitted');
    all.rooms.takeOut(roomId, clara);
    await all.settled();
    expect(outcome(c)).toBe('gone');
    expect(await waiting()).toEqual([]);
    expect(await c.refusal('knock:start', { roomId })).toBe('room_not_found');
  });

  it('do not get one past a locked door, which lets back in who was there', async () => {
    const { all, roomId, a, b, c } = three;
    await join(a);
    all.rooms.setDoor(roomId, 'open');
    await join(b);
    await b.ask('call:leave', {});
    all.rooms.setDoor(roomId, 'locked');
    await join(b);
    expect(await c.refusal('call:join', { roomId })).toBe('room_locked');
    expect(await c.refusal('knock:start', { roomId })).toBe('room_locked');
    expect(await b.refusal('knock:answer', { roomId, knockId: randomUUID(), admit: true })).toBe('forbidden');
  });
});
