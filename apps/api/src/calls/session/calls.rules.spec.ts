import { randomUUID } from 'node:crypto';
import { CALL_CAPACITY } from '@webcall/domain';
import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, resume, call, participants } = three;

describe('a call', () => {
  it('asks nothing of who is not in it, and tells them why', async () => {
    const { a } = three;
    expect(await a.refusal('call:leave', {})).toBe('not_in_call');
    expect(await a.refusal('call:update', { media: {} })).toBe('not_in_call');
    expect(await a.refusal('ice:get', {})).toBe('not_in_call');
    expect(await a.refusal('signal:send', { to: randomUUID(), candidate: { candidate: '' } })).toBe('not_in_call');
    await join(a);
    await a.ask('call:leave', {});
    expect(await a.refusal('call:leave', {})).toBe('not_in_call');
  });

  it('is full with so many devices, and has room again when one leaves', async () => {
    const { all, anna } = three;
    const devices = Array.from({ length: CALL_CAPACITY }, () => all.device(anna));
    await Promise.all(devices.map((device) => join(device)));
    const late = all.device(anna);
    expect(await late.refusal('call:join', { roomId: three.roomId })).toBe('call_full');
    await devices[0]!.ask('call:leave', {});
    expect((await join(late)).participants).toHaveLength(CALL_CAPACITY - 1);
  });

  it('is entered in its room when it is over, if somebody was in it beside who started it', async () => {
    const { all, roomId, anna, boris, a, b } = three;
    await join(a);
    await a.ask('call:leave', {});
    expect(all.entries.of(roomId)).toEqual([]);
    await join(a);
    await join(b);
    await b.ask('call:leave', {});
    expect(all.entries.of(roomId)).toEqual([]);
    await a.ask('call:leave', {});
    const people = [anna, boris].map(({ id, name }) => ({ userId: id, name }));
    expect(all.entries.of(roomId)).toEqual([expect.objectContaining({ type: 'call', people })]);
  });
});

describe('a seat', () => {
  it('is one per device: another tab is refused, or takes over and the first one hears of it', async () => {
    const { all, roomId, a, b } = three;
    const first = await join(a);
    const tab = all.again(a);
    expect(await tab.refusal('call:join', { roomId })).toBe('already_in_call');
    const second = await tab.ask('call:join', { roomId, takeOver: true });
    expect(second).toMatchObject({ callId: first.callId, participants: [], version: 3 });
    expect(a.changes()).toContainEqual({ type: 'left', participantId: first.participantId, reason: 'moved' });
    expect(await a.refusal('call:update', { media: {} })).toBe('not_in_call');
    expect(all.calls.calls).toMatchObject([{ callId: first.callId, endedAt: null }]);
    expect(all.calls.participants.filter(({ leftAt }) => leftAt === null)).toMatchObject([
      { id: second.participantId },
    ]);
    // Its end does not touch the seat of the other tab.
    await a.cut();
    expect((await call(b))?.participants).toMatchObject([{ connected: true }]);
  });

  it('is one per socket: a call in another room has to be left first, or is left by taking over', async () => {
    const { all, roomId, anna, a, b } = three;
    const elsewhere = all.rooms.newRoom(anna);
    await join(a);
    const { code, details } = await a.refused('call:join', { roomId: elsewhere });
    expect([code, details]).toEqual(['already_in_call', { roomId }]);
    await a.ask('call:join', { roomId: elsewhere, takeOver: true });
    expect(b.changes()).toContainEqual(expect.objectContaining({ type: 'left', reason: 'moved' }));
    expect(await call(b)).toBeNull();
  });

  it('is kept when the one in another room is refused', async () => {
    const { all, anna, boris, a, b } = three;
    const elsewhere = all.rooms.newRoom(boris);
    all.rooms.bringIn(elsewhere, anna);
    all.rooms.setDoor(elsewhere, 'locked');
    const seat = await join(a);
    await join(b);
    expect(await a.refusal('call:join', { roomId: elsewhere, takeOver: true })).toBe('room_locked');
    expect(await a.ask('call:update', { media: { camera: true } })).toMatchObject({ version: 3 });
    expect(b.changes().at(-1)).toMatchObject({ participant: { id: seat.participantId, connected: true } });
    a.socket.acknowledges = true;
    await b.ask('signal:send', { to: seat.participantId, id: randomUUID(), candidate: { candidate: '' } });
    expect(await participants()).toHaveLength(2);
    await a.ask('call:leave', {});
    expect(b.events('call:changed').map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it('is given to two devices of one user', async () => {
    const { all, anna, a } = three;
    await join(a);
    expect((await join(all.device(anna))).participants).toHaveLength(1);
  });

  it('is repeated for a socket that asks again because the answer was lost', async () => {
    const { a, b } = three;
    const first = await join(a);
    const again = await join(a);
    expect(again.participants).toEqual([]);
    expect(again.participantId).not.toBe(first.participantId);
    await a.ask('call:update', { media: { camera: true } });
    const answers = await Promise.all([join(b), join(b), join(b)]);
    expect(new Set(answers.map(({ callId }) => callId)).size).toBe(1);
    expect(await participants()).toHaveLength(2);
  });

  it('goes to the socket that resumed it last, also while the old one still seems to be there', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    const next = all.again(a);
    await resume(next, seat);
    expect(a.changes().at(-1)).toEqual({ type: 'left', participantId: seat.participantId, reason: 'moved' });
    expect(await a.refusal('call:leave', {})).toBe('not_in_call');
    await a.cut();
    next.socket.acknowledges = true;
    await b.ask('signal:send', { to: seat.participantId, id: randomUUID(), candidate: { candidate: '' } });
    expect(next.events('signal:received')).toHaveLength(1);
    expect(await call(b)).toMatchObject({ version: 3 });
  });

  it('is nobody else’s', async () => {
    const { all, roomId, anna, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    expect(await b.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('resume_key_wrong');
    const tab = all.again(a);
    expect(await tab.refusal('call:resume', { roomId, participantId, resumeKey: 'x' })).toBe('resume_key_wrong');
    const elsewhere = all.rooms.newRoom(anna);
    for (const place of [
      { roomId, participantId: randomUUID() },
      { roomId: elsewhere, participantId },
    ])
      expect(await tab.refusal('call:resume', { ...place, resumeKey })).toBe('participant_not_found');
    await a.ask('call:leave', {});
    expect(await tab.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
  });

  it('is taken again by a tab that lost its key, once its socket is gone', async () => {
    const { all, a, b } = three;
    await join(a);
    await a.cut();
    expect(b.changes().at(-1)).toMatchObject({ type: 'updated', participant: { connected: false } });
    expect((await join(all.again(a))).participants).toEqual([]);
  });

  it('has credentials for as long as it is held, and no longer', async () => {
    const { all, a } = three;
    const seat = await join(a);
    expect(await a.ask('ice:get', {})).toEqual({ iceServers: [], iceServersEndInMs: null });
    await resume(all.again(a), seat);
    expect(await a.refusal('ice:get', {})).toBe('not_in_call');
  });
});
