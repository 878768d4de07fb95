import { randomUUID } from 'node:crypto';
import type { Participant } from '@webcall/domain';
import { ThreeInARoom } from '../testing/three-in-a-room';

/** Anna owns the room, Boris moderates it, and Clara is a member. */
const three = ThreeInARoom.use();
const { join, call, participants } = three;
const everything = { microphone: true, camera: true, screen: true, screenSound: true };
const participant = async (id: string): Promise<Participant | undefined> =>
  (await participants()).find((other) => other.id === id);

beforeEach(() => three.all.rooms.setRole(three.roomId, three.boris, 'moderator'));

describe('a moderator', () => {
  it('turns somebody’s media off for all to see, and lets it be turned on again', async () => {
    const { roomId, a, b, c } = three;
    await join(a);
    const { participantId } = await join(c, everything);
    const { version } = await b.ask('call:hold', { roomId, participantId, kinds: ['microphone', 'screen'] });
    const muted = {
      held: ['microphone', 'screen', 'screenSound'],
      media: { microphone: false, camera: true, screen: false, screenSound: false },
    };
    for (const device of [a, b, c]) {
      expect(device.events('call:changed').at(-1)).toMatchObject({ version, change: { participant: muted } });
    }
    await b.ask('call:allow', { roomId, participantId, kinds: ['microphone'] });
    expect(await participant(participantId)).toMatchObject({
      held: ['screen', 'screenSound'],
      media: { microphone: false },
    });
    await c.ask('call:update', { media: { microphone: true } });
    expect(c.events('call:asked')).toEqual([]);
  });

  it('turns cameras off as microphones are, and nobody turns one on who is held', async () => {
    const { roomId, a, b, c } = three;
    await join(a);
    const { participantId } = await join(c, everything);
    await b.ask('call:hold', { roomId, kinds: ['camera'] });
    expect(await participant(participantId)).toMatchObject({
      held: ['camera'],
      media: { ...everything, camera: false },
    });
    expect(await c.refusal('call:update', { media: { camera: true } })).toBe('media_held');
    await b.ask('call:allow', { roomId, kinds: ['camera'] });
    await c.ask('call:update', { media: { camera: true } });
  });

  it('asks one device to turn something on, and nobody who has it on', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    await join(a);
    const phone = all.device(clara);
    const { participantId } = await join(c, { camera: true });
    await join(phone);
    await b.ask('call:hold', { roomId, kinds: ['microphone'] });
    await b.ask('call:allow', { roomId, participantId, kinds: ['microphone', 'camera'], ask: true });
    expect(c.events('call:asked')).toEqual([{ roomId, by: boris.name, kinds: ['microphone'] }]);
    await b.ask('call:allow', { roomId, participantId, kinds: ['camera'], ask: true });
    expect([a, c, phone].map((device) => device.events('call:asked').length)).toEqual([0, 1, 0]);
  });

  it('silences everybody below, and asks all of them', async () => {
    const { all, roomId, a, b, c } = three;
    const guest = all.rooms.newPerson('Uncle Vanya', { guest: true });
    all.rooms.bringIn(roomId, guest, 'guest');
    const g = all.device(guest);
    for (const device of [a, b, c, g]) await join(device, everything);
    await b.ask('call:hold', { roomId, kinds: ['microphone'] });
    expect((await participants()).map(({ role, media }) => [role, media.microphone])).toEqual([
      ['owner', true],
      ['moderator', true],
      ['member', false],
      ['guest', false],
    ]);
    await b.ask('call:allow', { roomId, kinds: ['microphone'], ask: true });
    for (const device of [c, g]) expect(device.events('call:asked')).toMatchObject([{ kinds: ['microphone'] }]);
    expect([...a.events('call:asked'), ...b.events('call:asked')]).toEqual([]);
  });

  it('is one for as long as the room says so', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    await join(a);
    const [moderator, member] = [await join(b), await join(c)];
    all.rooms.setRole(roomId, boris, 'member');
    await all.settled();
    const hold = { roomId, kinds: ['camera' as const] };
    expect(await b.refusal('call:hold', { ...hold, participantId: member.participantId })).toBe('forbidden');
    expect(await participant(moderator.participantId)).toMatchObject({ role: 'member' });
    all.rooms.setRole(roomId, clara, 'moderator');
    await all.settled();
    await c.ask('call:hold', { ...hold, participantId: moderator.participantId });
  });

  it('hands the room over, and nothing holds who owns it now', async () => {
    const { all, roomId, clara, a, c } = three;
    await join(a);
    const { participantId } = await join(c, everything);
    await a.ask('call:hold', { roomId, participantId, kinds: ['camera'] });
    all.rooms.setRole(roomId, clara, 'owner');
    await all.settled();
    expect(await participant(participantId)).toMatchObject({ role: 'owner', held: [] });
    await c.ask('call:update', { media: { camera: true } });
  });

  it('needs a call, and participants who are in it', async () => {
    const { roomId, clara, a, b } = three;
    const participantId = randomUUID();
    expect(await b.refusal('call:hold', { roomId, kinds: ['camera'] })).toBe('call_not_running');
    expect(await b.refusal('call:end', { roomId })).toBe('call_not_running');
    await join(a);
    expect(await b.refusal('call:hold', { roomId, participantId, kinds: ['camera'] })).toBe('participant_not_found');
    expect(await b.refusal('call:remove', { roomId, participantId })).toBe('participant_not_found');
    expect(await b.refusal('call:readmit', { roomId, userId: clara.id })).toBe('participant_not_found');
  });

  it('ends the call for all', async () => {
    const { roomId, a, b, c } = three;
    const seats = [await join(a), await join(c)];
    await b.ask('call:end', { roomId });
    for (const { participantId } of seats) {
      expect(a.changes()).toContainEqual({ type: 'left', participantId, reason: 'ended' });
    }
    expect(c.changes().at(-1)).toEqual({ type: 'ended' });
    expect(await call()).toBeNull();
    expect(await c.refusal('call:update', { media: {} })).toBe('not_in_call');
  });
});

describe('who is removed from the call', () => {
  it('is out with all devices, hears it, and is let back in by a moderator', async () => {
    const { all, roomId, clara, a, b, c } = three;
    await join(a);
    const phone = all.device(clara);
    const seats = [await join(c), await join(phone)];
    await b.ask('call:remove', { roomId, participantId: seats[0]!.participantId });
    for (const { participantId } of seats) {
      expect(c.changes()).toContainEqual({ type: 'left', participantId, reason: 'removed' });
    }
    const barred = [{ userId: clara.id, name: clara.name }];
    expect(await call(c)).toMatchObject({ barred, participants: { length: 1 } });
    for (const device of [c, phone]) expect(await device.refusal('call:join', { roomId })).toBe('removed_from_call');
    await b.ask('call:readmit', { roomId, userId: clara.id });
    expect(c.changes().at(-1)).toEqual({ type: 'barred', barred: [] });
    await join(c);
  });

  it('is a moderator no more in this call, and lets nobody back in, least of all themselves', async () => {
    const { roomId, boris, a, b } = three;
    await join(a);
    const { participantId } = await join(b);
    await a.ask('call:remove', { roomId, participantId });
    expect(await b.refusal('call:readmit', { roomId, userId: boris.id })).toBe('removed_from_call');
    expect(await b.refusal('call:end', { roomId })).toBe('removed_from_call');
    expect(await b.refusal('call:hold', { roomId, kinds: ['camera'] })).toBe('removed_from_call');
    expect(await b.refusal('knock:answer', { roomId, admit: true })).toBe('removed_from_call');
  });

  it('comes into the next call as everybody does', async () => {
    const { roomId, a, c } = three;
    await join(a);
    const { participantId } = await join(c);
    await a.ask('call:remove', { roomId, participantId });
    await a.ask('call:leave', {});
    expect((await join(c)).barred).toEqual([]);
  });

  it('gains nothing by what they still know of their seat', async () => {
    const { all, roomId, anna, a, b, c } = three;
    const owner = await join(a);
    const { participantId, resumeKey } = await join(c);
    await b.ask('call:remove', { roomId, participantId });
    const signal = { to: owner.participantId, id: randomUUID(), candidate: { candidate: 'candidate:1' } };
    for (const device of [c, all.again(c)]) {
      expect(await device.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
      expect(await device.refusal('call:join', { roomId, takeOver: true })).toBe('removed_from_call');
      expect(await device.refusal('knock:start', { roomId })).toBe('removed_from_call');
      expect(await device.refusal('signal:send', signal)).toBe('not_in_call');
      expect(await device.refusal('call:hand', { raised: true })).toBe('not_in_call');
      expect(await device.refusal('ice:get', {})).toBe('not_in_call');
    }
    await a.ask('call:react', { reaction: '👏' });
    expect([a, c].map((device) => device.events('call:reacted').length)).toEqual([1, 0]);
    expect((await participants()).map(({ userId }) => userId)).toEqual([anna.id]);
  });
});

describe('what is held', () => {
  it('stays off for who comes back, takes a new seat, or another device', async () => {
    const { all, roomId, clara, a, b, c } = three;
    await join(a);
    const { participantId, resumeKey } = await join(c, everything);
    await b.ask('call:hold', { roomId, participantId, kinds: ['microphone'] });
    const muted = { held: ['microphone', 'screenSound'], media: { microphone: false, screenSound: false } };
    await c.cut();
    const back = all.again(c);
    const fresh = { roomId, participantId, resumeKey, fresh: true, media: everything };
    expect((await back.ask('call:resume', fresh)).self).toMatchObject(muted);
    const again = await back.ask('call:join', { roomId, media: everything, takeOver: true });
    expect(again.self).toMatchObject(muted);
    await back.ask('call:leave', {});
    expect((await join(back, everything)).self).toMatchObject(muted);
    expect((await join(all.device(clara), everything)).self).toMatchObject(muted);
  });
});

describe('hands and reactions', () => {
  it('hands go up in order, one’s own, and a moderator can take one down', async () => {
    const { roomId, a, b, c } = three;
    const [first, second] = [await join(a), await join(c)];
    await c.ask('call:hand', { raised: true });
    await a.ask('call:hand', { raised: true });
    const hands = async () => (await participants()).map(({ hand }) => hand);
    const [hers, his] = (await hands()) as [number, number];
    expect(his).toBeLessThan(hers);
    await c.ask('call:hand', { raised: true });
    expect(await hands()).toEqual([hers, his]);
    expect(await c.refusal('call:hand', { raised: false, participantId: first.participantId })).toBe('forbidden');
    expect(await b.refusal('call:hand', { raised: false })).toBe('not_in_call');
    await b.ask('call:join', { roomId });
    expect(await b.refusal('call:hand', { raised: true, participantId: second.participantId })).toBe('forbidden');
    await b.ask('call:hand', { raised: false, participantId: second.participantId });
    expect(c.changes().at(-1)).toMatchObject({ participant: { id: second.participantId, hand: null } });
    await a.ask('call:hand', { raised: false, participantId: first.participantId });
    expect(await hands()).toEqual([null, null, null]);
  });

  it('reactions are seen by those in the call alone', async () => {
    const { roomId, a, b, c } = three;
    const { participantId } = await join(a);
    await join(c);
    await a.ask('call:react', { reaction: '🎉' });
    for (const device of [a, c]) {
      expect(device.events('call:reacted')).toEqual([{ roomId, participantId, reaction: '🎉' }]);
    }
    expect(b.events('call:reacted')).toEqual([]);
    expect(await b.refusal('call:react', { reaction: '🎉' })).toBe('not_in_call');
  });
});
