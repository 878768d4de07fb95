import type { CallJoinedDto } from '@webcall/contracts';
import { type Role, ROLES } from '@webcall/domain';
import type { Device } from '../testing/device';
import { ThreeInARoom } from '../testing/three-in-a-room';

/** The roles that each role may silence and remove. */
const BELOW: Record<Role, readonly Role[]> = {
  owner: ['moderator', 'member', 'guest'],
  moderator: ['member', 'guest'],
  member: [],
  guest: [],
};
const everything = { microphone: true, camera: true, screen: true, screenSound: true };

const three = ThreeInARoom.prepareEachTest();
let actor: Device;

/** A device of a new user with that role. Anna owns the room and is in its call. */
function newDevice(role: Role): Device {
  const { all, roomId } = three;
  const person = all.rooms.createPerson(`another ${role}`, { guest: role === 'guest' });
  all.rooms.addRoomMember(roomId, person, role);
  return all.connectDevice(person);
}

beforeEach(() => three.join(three.a));

describe.each(ROLES)('in a call, a %s of the room', (role) => {
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
        await actor.requestCommand('call:hold', hold);
        expect(await target.requestRefusalCode('call:update', { media: { [kind]: true } })).toBe('media_held');
        await actor.requestCommand('call:allow', hold);
      } else {
        expect(await actor.requestRefusalCode('call:hold', hold)).toBe('forbidden');
        expect(await actor.requestRefusalCode('call:allow', hold)).toBe('forbidden');
      }
      await target.requestCommand('call:update', { media: { [kind]: true } });
    });

    it(`${allowed ? 'may' : 'may not'} lower a hand`, async () => {
      await target.requestCommand('call:hand', { raised: true });
      const lower = { raised: false, participantId: seat.participantId };
      if (allowed) await actor.requestCommand('call:hand', lower);
      else expect(await actor.requestRefusalCode('call:hand', lower)).toBe('forbidden');
      const { hand } = (await three.participants()).find(({ id }) => id === seat.participantId)!;
      expect(hand === null).toBe(allowed);
    });

    it(`${allowed ? 'may' : 'may not'} remove and readmit`, async () => {
      const { roomId } = three;
      const { userId } = target.socket.data.principal;
      const remove = { roomId, participantId: seat.participantId };
      if (allowed) {
        await actor.requestCommand('call:remove', remove);
        expect(await target.requestRefusalCode('call:join', { roomId })).toBe('removed_from_call');
        await actor.requestCommand('call:readmit', { roomId, userId });
        await three.join(target);
      } else {
        expect(await actor.requestRefusalCode('call:remove', remove)).toBe('forbidden');
        await target.requestCommand('call:update', { media: {} });
      }
    });
  });

  it(`${moderates ? 'may' : 'may not'} hold the media of everybody in a lower role, and of nobody else`, async () => {
    const { roomId } = three;
    const taken: CallJoinedDto[] = [];
    for (const other of ROLES) taken.push(await three.join(newDevice(other), everything));
    if (!moderates)
      expect(await actor.requestRefusalCode('call:hold', { roomId, kinds: ['microphone'] })).toBe('forbidden');
    else await actor.requestCommand('call:hold', { roomId, kinds: ['microphone'] });
    for (const { self } of taken) {
      const now = (await three.participants()).find(({ id }) => id === self.id)!;
      expect([self.role, now.held.includes('microphone')]).toEqual([self.role, BELOW[role].includes(self.role)]);
    }
  });

  it(`${moderates ? 'may' : 'may not'} admit a user who knocks`, async () => {
    const { all, roomId } = three;
    const guest = newDevice('guest');
    all.rooms.setRoomDoor(roomId, 'lobby');
    await guest.requestCommand('knock:start', { roomId });
    if (!moderates) expect(await actor.requestRefusalCode('knock:answer', { roomId, admit: true })).toBe('forbidden');
    else await actor.requestCommand('knock:answer', { roomId, admit: true });
    expect(guest.receivedEvents('knock:answered')).toEqual(moderates ? [{ roomId, outcome: 'admitted' }] : []);
  });

  it(`${moderates ? 'may' : 'may not'} end the call for everybody`, async () => {
    const { roomId } = three;
    if (!moderates) expect(await actor.requestRefusalCode('call:end', { roomId })).toBe('forbidden');
    else await actor.requestCommand('call:end', { roomId });
    expect((await three.call()) === null).toBe(moderates);
  });

  it('may ring members', async () => {
    const { roomId, boris } = three;
    const { rings } = await actor.requestCommand('ring:start', { roomId, userIds: [boris.id] });
    expect(rings).toMatchObject([{ calleeId: boris.id, status: 'ringing' }]);
  });
});

it('nobody moderates the call of a direct room, and a user who leaves it ends it', async () => {
  const { all, anna, boris, b } = three;
  const roomId = all.rooms.createMemoryRoom(anna, { kind: 'direct' });
  all.rooms.addRoomMember(roomId, boris);
  const a = all.connectDevice(anna);
  await a.requestCommand('call:join', { roomId });
  const { participantId } = await b.requestCommand('call:join', { roomId });
  expect(await a.requestRefusalCode('call:hold', { roomId, participantId, kinds: ['microphone'] })).toBe('forbidden');
  expect(await a.requestRefusalCode('call:remove', { roomId, participantId })).toBe('forbidden');
  expect(await a.requestRefusalCode('call:end', { roomId })).toBe('forbidden');
  await a.requestCommand('call:leave', {});
  expect((await b.requestCommand('call:get', { roomId })).call).toBeNull();
});
