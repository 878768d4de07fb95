import type { CallJoinedDto } from '@webcall/contracts';
import { type Role, ROLES } from '@webcall/domain';
import type { Device } from '../testing/device';
import { ThreeInARoom } from '../testing/three-in-a-room';

/** Whom each role may silence and remove. */
const BELOW: Record<Role, readonly Role[]> = {
  owner: ['moderator', 'member', 'guest'],
  moderator: ['member', 'guest'],
  member: [],
  guest: [],
};
const everything = { microphone: true, camera: true, screen: true, screenSound: true };

const three = ThreeInARoom.use();
let actor: Device;

/** Another one of that role, beside Anna, who owns the room and is in its call. */
function newDevice(role: Role): Device {
  const { all, roomId } = three;
  const person = all.rooms.newPerson(`another ${role}`, { guest: role === 'guest' });
  all.rooms.bringIn(roomId, person, role);
  return all.device(person);
}

beforeEach(() => three.join(three.a));

describe.each(ROLES)('what a call takes from its room’s %s', (role) => {
  const moderates = BELOW[role].length > 0;
  beforeEach(async () => {
    actor = newDevice(role);
    await three.join(actor, everything);
  });

  describe.each(ROLES)('towards another %s', (other) => {
    const allowed = BELOW[role].includes(other);
    let target: Device;
    let seat: CallJoinedDto;
    beforeEach(async () => {
      target = newDevice(other);
      seat = await three.join(target, everything);
    });

    it.each(['microphone', 'camera', 'screen'] as const)(`${allowed ? 'may' : 'may not'} hold the %s`, async (kind) => {
      const { roomId } = three;
      const hold = { roomId, participantId: seat.participantId, kinds: [kind] };
      if (allowed) {
        await actor.ask('call:hold', hold);
        expect(await target.refusal('call:update', { media: { [kind]: true } })).toBe('media_held');
        await actor.ask('call:allow', hold);
      } else {
        expect(await actor.refusal('call:hold', hold)).toBe('forbidden');
        expect(await actor.refusal('call:allow', hold)).toBe('forbidden');
      }
      await target.ask('call:update', { media: { [kind]: true } });
    });

    it(`${allowed ? 'may' : 'may not'} take down a hand`, async () => {
      await target.ask('call:hand', { raised: true });
      const lower = { raised: false, participantId: seat.participantId };
      if (allowed) await actor.ask('call:hand', lower);
      else expect(await actor.refusal('call:hand', lower)).toBe('forbidden');
      const { hand } = (await three.participants()).find(({ id }) => id === seat.participantId)!;
      expect(hand === null).toBe(allowed);
    });

    it(`${allowed ? 'may' : 'may not'} remove and let back in`, async () => {
      const { roomId } = three;
      const { userId } = target.socket.data.principal;
      const remove = { roomId, participantId: seat.participantId };
      if (allowed) {
        await actor.ask('call:remove', remove);
        expect(await target.refusal('call:join', { roomId })).toBe('removed_from_call');
        await actor.ask('call:readmit', { roomId, userId });
        await three.join(target);
      } else {
        expect(await actor.refusal('call:remove', remove)).toBe('forbidden');
        await target.ask('call:update', { media: {} });
      }
    });
  });

  it(`${moderates ? 'may' : 'may not'} hold everybody below, and nobody else`, async () => {
    const { roomId } = three;
    const taken: CallJoinedDto[] = [];
    for (const other of ROLES) taken.push(await three.join(newDevice(other), everything));
    if (!moderates) expect(await actor.refusal('call:hold', { roomId, kinds: ['microphone'] })).toBe('forbidden');
    else await actor.ask('call:hold', { roomId, kinds: ['microphone'] });
    for (const { self } of taken) {
      const now = (await three.participants()).find(({ id }) => id === self.id)!;
      expect([self.role, now.held.includes('microphone')]).toEqual([self.role, BELOW[role].includes(self.role)]);
    }
  });

  it(`${moderates ? 'may' : 'may not'} let in who knocks`, async () => {
    const { all, roomId } = three;
    const guest = newDevice('guest');
    all.rooms.setDoor(roomId, 'lobby');
    await guest.ask('knock:start', { roomId });
    if (!moderates) expect(await actor.refusal('knock:answer', { roomId, admit: true })).toBe('forbidden');
    else await actor.ask('knock:answer', { roomId, admit: true });
    expect(guest.events('knock:answered')).toEqual(moderates ? [{ roomId, outcome: 'admitted' }] : []);
  });

  it(`${moderates ? 'may' : 'may not'} end the call for all`, async () => {
    const { roomId } = three;
    if (!moderates) expect(await actor.refusal('call:end', { roomId })).toBe('forbidden');
    else await actor.ask('call:end', { roomId });
    expect((await three.call()) === null).toBe(moderates);
  });

  it('may ring, whoever it is', async () => {
    const { roomId, boris } = three;
    const { rings } = await actor.ask('ring:start', { roomId, userIds: [boris.id] });
    expect(rings).toMatchObject([{ calleeId: boris.id, status: 'ringing' }]);
  });
});

it('nobody moderates in a direct room, which the one who leaves ends', async () => {
  const { all, anna, boris, b } = three;
  const roomId = all.rooms.newRoom(anna, { kind: 'direct' });
  all.rooms.bringIn(roomId, boris);
  const a = all.device(anna);
  await a.ask('call:join', { roomId });
  const { participantId } = await b.ask('call:join', { roomId });
  expect(await a.refusal('call:hold', { roomId, participantId, kinds: ['microphone'] })).toBe('forbidden');
  expect(await a.refusal('call:remove', { roomId, participantId })).toBe('forbidden');
  expect(await a.refusal('call:end', { roomId })).toBe('forbidden');
  await a.ask('call:leave', {});
  expect((await b.ask('call:get', { roomId })).call).toBeNull();
});
