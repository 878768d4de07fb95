import { randomUUID } from 'node:crypto';
import { anyBytes, anyCommit, anySealed, EncryptedRoom } from '../support/encrypted-room';
import { HeldRow } from '../support/faults/held-row';
import type { TestSocket } from '../support/sockets';
import { newDevice, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

// Also where messages are counted by another statement, for a quota.
describe.each([
  ['without a quota', {}],
  ['with a quota', { QUOTA_MESSAGES: '1000' }],
])('sealed messages %s', (_, env) => {
  const server = useServer(() => startApp({ env }));
  let room: EncryptedRoom;
  let [anna, boris]: TestUser[] = [];
  let socket: TestSocket;

  beforeEach(async () => {
    room = await EncryptedRoom.create(server, 2);
    [anna, boris] = room.people as [TestUser, TestUser];
    socket = await server.connect(boris);
    await room.commit(anna, anyCommit(0, { rekeyedFor: 2 }));
  });

  it('are stored and passed on as they came, and counted for their epoch', async () => {
    const reader = await server.connect(anna!);
    const sealed = { ...room.sealedBy(boris!, 1), notify: [anna!.id] };
    expect(await socket.ask('chat:seal', sealed)).toEqual({ ok: true, seq: 2 });
    const { keyId, device, box, notify, id } = sealed;
    const content = { type: 'sealed', keyId, device, box, notify };
    expect(await reader.event('chat:posted', (message) => message.id === id)).toMatchObject({ seq: 2, content });
    const { body } = await anna!.rest.request('GET /rooms/:roomId', { roomId: room.roomId });
    expect([body.unread, body.lastMessage]).toMatchObject([1, { type: 'sealed', text: null, callees: null }]);
    expect(await room.status()).toMatchObject({ epoch: 1, epochMessages: 1 });
    await room.commit(anna!, anyCommit(1));
    expect(await room.status()).toMatchObject({ epoch: 2, epochMessages: 0 });
  });

  it('are taken in the present epoch alone', async () => {
    for (const wrong of [room.sealedBy(boris!, 0), room.sealedBy(boris!, 2), room.sealedBy(boris!, 1, 1)])
      expect(await socket.refusal('chat:seal', wrong)).toBe('epoch_past');
    expect(await room.status()).toMatchObject({ epochMessages: 0 });
  });

  it('are taken from the device that has sealed them alone, while it is listed', async () => {
    const [own, other] = [room.sealedBy(boris!, 1), room.sealedBy(anna!, 1)];
    expect(await socket.refusal('chat:seal', other)).toBe('device_required');
    // A session as who has stolen the password gets it.
    const fresh = await server.connect({ ...boris!, rest: await newDevice(server, boris!) });
    expect(await fresh.refusal('chat:seal', own)).toBe('device_required');
    await socket.ask('chat:seal', own);
    await server.db.query('UPDATE devices SET ended_at = now() WHERE id = $1', [own.device]);
    expect(await socket.refusal('chat:seal', room.sealedBy(boris!, 1))).toBe('device_required');
    expect(await room.status()).toMatchObject({ epochMessages: 1 });
  });

  it('that are sent again after their epoch were taken', async () => {
    const sealed = room.sealedBy(boris!, 1);
    const first = await socket.ask('chat:seal', sealed);
    await room.commit(anna!, anyCommit(1));
    expect(await socket.ask('chat:seal', sealed)).toEqual(first);
    expect(await room.status()).toMatchObject({ epochMessages: 0 });
  });

  it('that wait for a commit come too late, and those before it do not', async () => {
    const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
    const [, late] = await held.release(
      'COMMIT',
      () => room.commit(anna!, anyCommit(1)),
      () => socket.send('chat:seal', room.sealedBy(boris!, 1)),
    );
    expect(late).toMatchObject({ ok: false, error: { code: 'epoch_past' } });
    const again = await HeldRow.hold(server.db, 'rooms', room.roomId);
    const [early] = await again.release(
      'COMMIT',
      () => socket.send('chat:seal', room.sealedBy(boris!, 2)),
      () => room.commit(anna!, anyCommit(2)),
    );
    expect(early).toMatchObject({ ok: true });
    expect(await room.status()).toMatchObject({ epoch: 3, epochMessages: 0 });
  });

  it('are the only ones, also when a plain one waits for the room to be encrypted', async () => {
    const plain = () => ({ roomId: room.roomId, id: randomUUID(), text: 'For everybody' });
    expect(await socket.refusal('chat:send', plain())).toBe('room_encrypted');
    expect((await room.status()).epochMessages).toBe(0);
    const other = await newUser(server);
    const { id: roomId } = await newRoom(other);
    const writer = await server.connect(other);
    const text = { roomId, id: randomUUID(), text: 'Before' };
    await writer.ask('chat:send', text);
    expect(await writer.refusal('chat:seal', anySealed(roomId, randomUUID(), 0))).toBe('room_not_encrypted');
    const held = await HeldRow.hold(server.db, 'rooms', roomId);
    const [, posted] = await held.release(
      'COMMIT',
      () => EncryptedRoom.encrypt(server.db, roomId, [other]),
      () => writer.send('chat:send', { roomId, id: randomUUID(), text: 'Too late' }),
    );
    expect(posted).toMatchObject({ ok: false, error: { code: 'room_encrypted' } });
    // What was plain cannot be changed into other plain text, and can be deleted.
    expect(await writer.refusal('chat:edit', { ...text, text: 'After' })).toBe('room_encrypted');
    expect(await writer.ask('chat:delete', { roomId, id: text.id })).toMatchObject({ ok: true });
  });

  it('can be deleted, and not be made into plain ones', async () => {
    const sealed = room.sealedBy(boris!, 1);
    await socket.ask('chat:seal', sealed);
    const { roomId, id } = sealed;
    expect(await socket.refusal('chat:edit', { roomId, id, text: 'Plain' })).toBe('message_not_found');
    await socket.ask('chat:delete', { roomId, id });
    expect(await socket.event('chat:changed')).toMatchObject({ id, content: { type: 'deleted' } });
  });

  it('have ids of their own, and authors who may post', async () => {
    const sealed = room.sealedBy(boris!, 1);
    await socket.ask('chat:seal', sealed);
    const [member, stranger] = [await server.connect(anna!), await server.connect(await newUser(server))];
    expect(await member.refusal('chat:seal', sealed)).toBe('id_taken');
    expect(await stranger.refusal('chat:seal', anySealed(room.roomId, randomUUID(), 1))).toBe('room_not_found');
    expect(await socket.refusal('chat:seal', { ...room.sealedBy(boris!, 1), box: anyBytes(32 * 1024 + 1) })).toBe(
      'invalid_input',
    );
  });
});
