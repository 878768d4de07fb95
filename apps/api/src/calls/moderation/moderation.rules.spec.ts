import type { Participant } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { ThreeInARoom } from '../testing/three-in-a-room';

/** Anna owns the room, Boris moderates it, and Clara is a member. */
const three = ThreeInARoom.prepareEachTest();
const { join, call, participants } = three;
const everything = { microphone: true, camera: true, screen: true, screenSound: true };
const participant = async (id: string): Promise<Participant | undefined> =>
  (await participants()).find((other) => other.id === id);

beforeEach(() => three.all.rooms.setMemberRole(three.roomId, three.boris, 'moderator'));

describe('a moderator', () => {
  it('turns somebody’s media off, which everybody sees, and allows turning it on again', async () => {
    const { roomId, a, b, c } = three;
    await join(a);
    const { participantId } = await join(c, everything);
    const { version } = await b.requestCommand('call:hold', { roomId, participantId, kinds: ['microphone', 'screen'] });
    const muted = {
      held: ['microphone', 'screen', 'screenSound'],
      media: { microphone: false, camera: true, screen: false, screenSound: false },
    };
    for (const device of [a, b, c]) {
      expect(device.receivedEvents('call:changed').at(-1)).toMatchObject({ version, change: { participant: muted } });
    }
    await b.requestCommand('call:allow', { roomId, participantId, kinds: ['microphone'] });
    expect(await participant(participantId)).toMatchObject({
      held: ['screen', 'screenSound'],
      media: { microphone: false },
    });
    await c.requestCommand('call:update', { media: { microphone: true } });
    expect(c.receivedEvents('call:asked')).toEqual([]);
  });

  it('turns cameras off like microphones, and a participant cannot turn on a held one', async () => {
    const { roomId, a, b, c } = three;
    await join(a);
    const { participantId } = await join(c, everything);
    await b.requestCommand('call:hold', { roomId, kinds: ['camera'] });
    expect(await participant(participantId)).toMatchObject({
      held: ['camera'],
      media: { ...everything, camera: false },
    });
    expect(await c.requestRefusalCode('call:update', { media: { camera: true } })).toBe('media_held');
    await b.requestCommand('call:allow', { roomId, kinds: ['camera'] });
    await c.requestCommand('call:update', { media: { camera: true } });
  });

  it('asks a single device to turn media on, but only media that are off', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    await join(a);
    const phone = all.connectDevice(clara);
    const { participantId } = await join(c, { camera: true });
    await join(phone);
    await b.requestCommand('call:hold', { roomId, kinds: ['microphone'] });
    await b.requestCommand('call:allow', { roomId, participantId, kinds: ['microphone', 'camera'], ask: true });
    expect(c.receivedEvents('call:asked')).toEqual([{ roomId, by: boris.name, kinds: ['microphone'] }]);
    await b.requestCommand('call:allow', { roomId, participantId, kinds: ['camera'], ask: true });
    expect([a, c, phone].map((device) => device.receivedEvents('call:asked').length)).toEqual([0, 1, 0]);
  });

  it('silences everybody in a lower role, and asks all of them to turn media on', async () => {
    const { all, roomId, a, b, c } = three;
    const guest = all.rooms.createPerson('Uncle Vanya', { guest: true });
    all.rooms.addRoomMember(roomId, guest, 'guest');
    const g = all.connectDevice(guest);
    for (const device of [a, b, c, g]) await join(device, everything);
    await b.requestCommand('call:hold', { roomId, kinds: ['microphone'] });
    expect((await participants()).map(({ role, media }) => [role, media.microphone])).toEqual([
      ['owner', true],
      ['moderator', true],
      ['member', false],
      ['guest', false],
    ]);
    await b.requestCommand('call:allow', { roomId, kinds: ['microphone'], ask: true });
    for (const device of [c, g]) expect(device.receivedEvents('call:asked')).toMatchObject([{ kinds: ['microphone'] }]);
    expect([...a.receivedEvents('call:asked'), ...b.receivedEvents('call:asked')]).toEqual([]);
  });

  it('has these rights only while they have the role in the room', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    await join(a);
    const [moderator, member] = [await join(b), await join(c)];
    all.rooms.setMemberRole(roomId, boris, 'member');
    await all.waitUntilSettled();
    const hold = { roomId, kinds: ['camera' as const] };
    expect(await b.requestRefusalCode('call:hold', { ...hold, participantId: member.participantId })).toBe('forbidden');
    expect(await participant(moderator.participantId)).toMatchObject({ role: 'member' });
    all.rooms.setMemberRole(roomId, clara, 'moderator');
    await all.waitUntilSettled();
    await c.requestCommand('call:hold', { ...hold, participantId: moderator.participantId });
  });

  it('no longer holds the media of a member who becomes the owner', async () => {
    const { all, roomId, clara, a, c } = three;
    await join(a);
    const { participantId } = await join(c, everything);
    await a.requestCommand('call:hold', { roomId, participantId, kinds: ['camera'] });
    all.rooms.setMemberRole(roomId, clara, 'owner');
    await all.waitUntilSettled();
    expect(await participant(participantId)).toMatchObject({ role: 'owner', held: [] });
    await c.requestCommand('call:update', { media: { camera: true } });
  });

  it('can act only on a running call and on its participants', async () => {
    const { roomId, clara, a, b } = three;
    const participantId = randomUUID();
    expect(await b.requestRefusalCode('call:hold', { roomId, kinds: ['camera'] })).toBe('call_not_running');
    expect(await b.requestRefusalCode('call:end', { roomId })).toBe('call_not_running');
    await join(a);
    expect(await b.requestRefusalCode('call:hold', { roomId, participantId, kinds: ['camera'] })).toBe(
      'participant_not_found',
    );
    expect(await b.requestRefusalCode('call:remove', { roomId, participantId })).toBe('participant_not_found');
    expect(await b.requestRefusalCode('call:readmit', { roomId, userId: clara.id })).toBe('participant_not_found');
  });

  it('ends the call for everybody', async () => {
    const { roomId, a, b, c } = three;
    const seats = [await join(a), await join(c)];
    await b.requestCommand('call:end', { roomId });
    for (const { participantId } of seats) {
      expect(a.receivedCallChanges()).toContainEqual({ type: 'left', participantId, reason: 'ended' });
    }
    expect(c.receivedCallChanges().at(-1)).toEqual({ type: 'ended' });
    expect(await call()).toBeNull();
    expect(await c.requestRefusalCode('call:update', { media: {} })).toBe('not_in_call');
  });
});

describe('a user who is removed from the call', () => {
  it('is removed with all devices, gets the events of it, and can be readmitted by a moderator', async () => {
    const { all, roomId, clara, a, b, c } = three;
    await join(a);
    const phone = all.connectDevice(clara);
    const seats = [await join(c), await join(phone)];
    await b.requestCommand('call:remove', { roomId, participantId: seats[0]!.participantId });
    for (const { participantId } of seats) {
      expect(c.receivedCallChanges()).toContainEqual({ type: 'left', participantId, reason: 'removed' });
    }
    const barred = [{ userId: clara.id, name: clara.name }];
    expect(await call(c)).toMatchObject({ barred, participants: { length: 1 } });
    for (const device of [c, phone])
      expect(await device.requestRefusalCode('call:join', { roomId })).toBe('removed_from_call');
    await b.requestCommand('call:readmit', { roomId, userId: clara.id });
    expect(c.receivedCallChanges().at(-1)).toEqual({ type: 'barred', barred: [] });
    await join(c);
  });

  it('cannot moderate this call any more, and so cannot readmit themselves', async () => {
    const { roomId, boris, a, b } = three;
    await join(a);
    const { participantId } = await join(b);
    await a.requestCommand('call:remove', { roomId, participantId });
    expect(await b.requestRefusalCode('call:readmit', { roomId, userId: boris.id })).toBe('removed_from_call');
    expect(await b.requestRefusalCode('call:end', { roomId })).toBe('removed_from_call');
    expect(await b.requestRefusalCode('call:hold', { roomId, kinds: ['camera'] })).toBe('removed_from_call');
    expect(await b.requestRefusalCode('knock:answer', { roomId, admit: true })).toBe('removed_from_call');
  });

  it('can join the next call like everybody else', async () => {
    const { roomId, a, c } = three;
    await join(a);
    const { participantId } = await join(c);
    await a.requestCommand('call:remove', { roomId, participantId });
    await a.requestCommand('call:leave', {});
    expect((await join(c)).barred).toEqual([]);
  });

  it('cannot use the ids and the resume key of their former seat', async () => {
    const { all, roomId, anna, a, b, c } = three;
    const owner = await join(a);
    const { participantId, resumeKey } = await join(c);
    await b.requestCommand('call:remove', { roomId, participantId });
    const signal = { to: owner.participantId, id: randomUUID(), candidate: { candidate: 'candidate:1' } };
    for (const device of [c, all.reconnectDevice(c)]) {
      expect(await device.requestRefusalCode('call:resume', { roomId, participantId, resumeKey })).toBe(
        'participant_not_found',
      );
      expect(await device.requestRefusalCode('call:join', { roomId, takeOver: true })).toBe('removed_from_call');
      expect(await device.requestRefusalCode('knock:start', { roomId })).toBe('removed_from_call');
      expect(await device.requestRefusalCode('signal:send', signal)).toBe('not_in_call');
      expect(await device.requestRefusalCode('call:hand', { raised: true })).toBe('not_in_call');
      expect(await device.requestRefusalCode('ice:get', {})).toBe('not_in_call');
    }
    await a.requestCommand('call:react', { reaction: '👏' });
    expect([a, c].map((device) => device.receivedEvents('call:reacted').length)).toEqual([1, 0]);
    expect((await participants()).map(({ userId }) => userId)).toEqual([anna.id]);
  });
});

describe('held media', () => {
  it('stay off after a resume, on a new seat, and on another device of the user', async () => {
    const { all, roomId, clara, a, b, c } = three;
    await join(a);
    const { participantId, resumeKey } = await join(c, everything);
    await b.requestCommand('call:hold', { roomId, participantId, kinds: ['microphone'] });
    const muted = { held: ['microphone', 'screenSound'], media: { microphone: false, screenSound: false } };
    await c.cutConnection();
    const back = all.reconnectDevice(c);
    const fresh = { roomId, participantId, resumeKey, fresh: true, media: everything };
    expect((await back.requestCommand('call:resume', fresh)).self).toMatchObject(muted);
    const again = await back.requestCommand('call:join', { roomId, media: everything, takeOver: true });
    expect(again.self).toMatchObject(muted);
    await back.requestCommand('call:leave', {});
    expect((await join(back, everything)).self).toMatchObject(muted);
    expect((await join(all.connectDevice(clara), everything)).self).toMatchObject(muted);
  });
});

describe('hands and reactions', () => {
  it('participants raise their own hands, which keep their order, and a moderator can lower one', async () => {
    const { roomId, a, b, c } = three;
    const [first, second] = [await join(a), await join(c)];
    await c.requestCommand('call:hand', { raised: true });
    await a.requestCommand('call:hand', { raised: true });
    const hands = async () => (await participants()).map(({ hand }) => hand);
    const [annaHand, claraHand] = (await hands()) as [number, number];
    expect(claraHand).toBeLessThan(annaHand);
    await c.requestCommand('call:hand', { raised: true });
    expect(await hands()).toEqual([annaHand, claraHand]);
    expect(await c.requestRefusalCode('call:hand', { raised: false, participantId: first.participantId })).toBe(
      'forbidden',
    );
    expect(await b.requestRefusalCode('call:hand', { raised: false })).toBe('not_in_call');
    await b.requestCommand('call:join', { roomId });
    expect(await b.requestRefusalCode('call:hand', { raised: true, participantId: second.participantId })).toBe(
      'forbidden',
    );
    await b.requestCommand('call:hand', { raised: false, participantId: second.participantId });
    expect(c.receivedCallChanges().at(-1)).toMatchObject({ participant: { id: second.participantId, hand: null } });
    await a.requestCommand('call:hand', { raised: false, participantId: first.participantId });
    expect(await hands()).toEqual([null, null, null]);
  });

  it('reactions are sent only to those in the call', async () => {
    const { roomId, a, b, c } = three;
    const { participantId } = await join(a);
    await join(c);
    await a.requestCommand('call:react', { reaction: '🎉' });
    for (const device of [a, c]) {
      expect(device.receivedEvents('call:reacted')).toEqual([{ roomId, participantId, reaction: '🎉' }]);
    }
    expect(b.receivedEvents('call:reacted')).toEqual([]);
    expect(await b.requestRefusalCode('call:react', { reaction: '🎉' })).toBe('not_in_call');
  });
});
