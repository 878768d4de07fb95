import { CALL_CAPACITY } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.prepareEachTest();
const { join, resume, call, participants } = three;

describe('a call', () => {
  it('refuses commands of users who are not in it, with the reason', async () => {
    const { a } = three;
    expect(await a.requestRefusalCode('call:leave', {})).toBe('not_in_call');
    expect(await a.requestRefusalCode('call:update', { media: {} })).toBe('not_in_call');
    expect(await a.requestRefusalCode('ice:get', {})).toBe('not_in_call');
    expect(await a.requestRefusalCode('signal:send', { to: randomUUID(), candidate: { candidate: '' } })).toBe(
      'not_in_call',
    );
    await join(a);
    await a.requestCommand('call:leave', {});
    expect(await a.requestRefusalCode('call:leave', {})).toBe('not_in_call');
  });

  it('is full at its capacity of devices, and has room again when one leaves', async () => {
    const { all, anna } = three;
    const devices = Array.from({ length: CALL_CAPACITY }, () => all.connectDevice(anna));
    await Promise.all(devices.map((device) => join(device)));
    const late = all.connectDevice(anna);
    expect(await late.requestRefusalCode('call:join', { roomId: three.roomId })).toBe('call_full');
    await devices[0]!.requestCommand('call:leave', {});
    expect((await join(late)).participants).toHaveLength(CALL_CAPACITY - 1);
  });

  it('gets an entry in its room when it ends, if another user was in it than the one who started it', async () => {
    const { all, roomId, anna, boris, a, b } = three;
    await join(a);
    await a.requestCommand('call:leave', {});
    expect(all.entries.listEntryContents(roomId)).toEqual([]);
    await join(a);
    await join(b);
    await b.requestCommand('call:leave', {});
    expect(all.entries.listEntryContents(roomId)).toEqual([]);
    await a.requestCommand('call:leave', {});
    const people = [anna, boris].map(({ id, name }) => ({ userId: id, name }));
    expect(all.entries.listEntryContents(roomId)).toEqual([expect.objectContaining({ type: 'call', people })]);
  });
});

describe('a seat', () => {
  it('exists once per device: another tab is refused, or takes over and the first one is notified', async () => {
    const { all, roomId, a, b } = three;
    const first = await join(a);
    const tab = all.reconnectDevice(a);
    expect(await tab.requestRefusalCode('call:join', { roomId })).toBe('already_in_call');
    const second = await tab.requestCommand('call:join', { roomId, takeOver: true });
    expect(second).toMatchObject({ callId: first.callId, participants: [], version: 3 });
    expect(a.receivedCallChanges()).toContainEqual({
      type: 'left',
      participantId: first.participantId,
      reason: 'moved',
    });
    expect(await a.requestRefusalCode('call:update', { media: {} })).toBe('not_in_call');
    expect(all.calls.calls).toMatchObject([{ callId: first.callId, endedAt: null }]);
    expect(all.calls.participants.filter(({ leftAt }) => leftAt === null)).toMatchObject([
      { id: second.participantId },
    ]);
    // The disconnect of the first tab does not affect the seat of the other one.
    await a.cutConnection();
    expect((await call(b))?.participants).toMatchObject([{ connected: true }]);
  });

  it('exists once per socket: a call in another room must be left first, or is left by taking over', async () => {
    const { all, roomId, anna, a, b } = three;
    const elsewhere = all.rooms.createMemoryRoom(anna);
    await join(a);
    const { code, details } = await a.requestRefusal('call:join', { roomId: elsewhere });
    expect([code, details]).toEqual(['already_in_call', { roomId }]);
    await a.requestCommand('call:join', { roomId: elsewhere, takeOver: true });
    expect(b.receivedCallChanges()).toContainEqual(expect.objectContaining({ type: 'left', reason: 'moved' }));
    expect(await call(b)).toBeNull();
  });

  it('is kept when joining the call of another room is refused', async () => {
    const { all, anna, boris, a, b } = three;
    const elsewhere = all.rooms.createMemoryRoom(boris);
    all.rooms.addRoomMember(elsewhere, anna);
    all.rooms.setRoomDoor(elsewhere, 'locked');
    const seat = await join(a);
    await join(b);
    expect(await a.requestRefusalCode('call:join', { roomId: elsewhere, takeOver: true })).toBe('room_locked');
    expect(await a.requestCommand('call:update', { media: { camera: true } })).toMatchObject({ version: 3 });
    expect(b.receivedCallChanges().at(-1)).toMatchObject({ participant: { id: seat.participantId, connected: true } });
    a.socket.acknowledges = true;
    await b.requestCommand('signal:send', { to: seat.participantId, id: randomUUID(), candidate: { candidate: '' } });
    expect(await participants()).toHaveLength(2);
    await a.requestCommand('call:leave', {});
    expect(b.receivedEvents('call:changed').map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it('is given to each of two devices of one user', async () => {
    const { all, anna, a } = three;
    await join(a);
    expect((await join(all.connectDevice(anna))).participants).toHaveLength(1);
  });

  it('is replaced for a socket that joins again because the answer was lost', async () => {
    const { a, b } = three;
    const first = await join(a);
    const again = await join(a);
    expect(again.participants).toEqual([]);
    expect(again.participantId).not.toBe(first.participantId);
    await a.requestCommand('call:update', { media: { camera: true } });
    const answers = await Promise.all([join(b), join(b), join(b)]);
    expect(new Set(answers.map(({ callId }) => callId)).size).toBe(1);
    expect(await participants()).toHaveLength(2);
  });

  it('belongs to the socket that resumed it last, even while the old one still seems connected', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    const next = all.reconnectDevice(a);
    await resume(next, seat);
    expect(a.receivedCallChanges().at(-1)).toEqual({
      type: 'left',
      participantId: seat.participantId,
      reason: 'moved',
    });
    expect(await a.requestRefusalCode('call:leave', {})).toBe('not_in_call');
    await a.cutConnection();
    next.socket.acknowledges = true;
    await b.requestCommand('signal:send', { to: seat.participantId, id: randomUUID(), candidate: { candidate: '' } });
    expect(next.receivedEvents('signal:received')).toHaveLength(1);
    expect(await call(b)).toMatchObject({ version: 3 });
  });

  it('cannot be resumed by anybody else', async () => {
    const { all, roomId, anna, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    expect(await b.requestRefusalCode('call:resume', { roomId, participantId, resumeKey })).toBe('resume_key_wrong');
    const tab = all.reconnectDevice(a);
    expect(await tab.requestRefusalCode('call:resume', { roomId, participantId, resumeKey: 'x' })).toBe(
      'resume_key_wrong',
    );
    const elsewhere = all.rooms.createMemoryRoom(anna);
    for (const place of [
      { roomId, participantId: randomUUID() },
      { roomId: elsewhere, participantId },
    ])
      expect(await tab.requestRefusalCode('call:resume', { ...place, resumeKey })).toBe('participant_not_found');
    await a.requestCommand('call:leave', {});
    expect(await tab.requestRefusalCode('call:resume', { roomId, participantId, resumeKey })).toBe(
      'participant_not_found',
    );
  });

  it('is replaced for a tab that lost its resume key, once its socket is lost', async () => {
    const { all, a, b } = three;
    await join(a);
    await a.cutConnection();
    expect(b.receivedCallChanges().at(-1)).toMatchObject({ type: 'updated', participant: { connected: false } });
    expect((await join(all.reconnectDevice(a))).participants).toEqual([]);
  });

  it('gives access to ICE credentials only as long as it is held', async () => {
    const { all, a } = three;
    const seat = await join(a);
    expect(await a.requestCommand('ice:get', {})).toEqual({ iceServers: [], iceServersEndInMs: null });
    await resume(all.reconnectDevice(a), seat);
    expect(await a.requestRefusalCode('ice:get', {})).toBe('not_in_call');
  });
});
