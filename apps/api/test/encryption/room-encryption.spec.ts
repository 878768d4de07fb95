import { randomUUID } from 'node:crypto';
import { befriend, directRoom } from '../support/contacts';
import { anyItem, EncryptedRoom, newGroupId } from '../support/encrypted-room';
import { HeldRow } from '../support/faults/held-row';
import { insertDevice, insertDevices } from '../support/inserted-devices';
import { bringIn, newCode, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

/** A private room of two people who have a device each. */
async function plainRoom(): Promise<{ anna: TestUser; boris: TestUser; roomId: string }> {
  const [anna, boris] = [await newUser(server, 'anna'), await newUser(server, 'boris')];
  const { id: roomId } = await newRoom(anna);
  await bringIn(anna, roomId, boris);
  for (const user of [anna, boris]) await insertDevice(server.db, user);
  return { anna, boris, roomId };
}

const bodyFor = (roomId: string, generation = 0) => ({ ...anyItem(), groupId: newGroupId(roomId, generation) });
const encrypt = (user: TestUser, roomId: string, body = bodyFor(roomId)) =>
  user.rest.request('POST /rooms/:roomId/encryption', { roomId, body });
const outcomeOf = async (request: ReturnType<typeof encrypt>): Promise<string> => {
  const { status, body } = await request;
  return status === 200 ? 'ok' : body.error.code;
};

describe('beginning', () => {
  it('fixes the number from which on messages are sealed, and the server says so there', async () => {
    const { anna, boris, roomId } = await plainRoom();
    const socket = await server.connect(boris);
    await socket.ask('chat:send', { roomId, id: randomUUID(), text: 'For everybody' });
    const { status, body } = await encrypt(anna, roomId);
    const encryption = { encryptedFrom: 2, generation: 0, epoch: 0, epochMessages: 0, rekeyDue: false, chainLength: 1 };
    expect([status, body]).toEqual([200, { ...encryption, memberVersion: 2 }]);
    expect(await socket.event('chat:posted', ({ seq }) => seq === 2)).toMatchObject({
      authorId: anna.id,
      content: { type: 'settings', encrypted: true },
    });
    expect(await socket.event('group:changed')).toEqual({ roomId, ...encryption, memberVersion: 2 });
    const { messages } = (await boris.rest.request('GET /rooms/:roomId/messages', { roomId })).body;
    expect(messages.map(({ content }) => content.type)).toEqual(['text', 'settings']);
  });

  it('is answered once more in the same way if the answer was lost, and not to somebody else', async () => {
    const { anna, roomId } = await plainRoom();
    const body = bodyFor(roomId);
    const first = await encrypt(anna, roomId, body);
    expect((await encrypt(anna, roomId, body)).body).toEqual(first.body);
    expect(await outcomeOf(encrypt(anna, roomId))).toBe('room_encrypted');
    const { items } = (await anna.rest.request('GET /rooms/:roomId/chain', { roomId, query: { from: 0 } })).body;
    expect(items).toEqual([{ item: body.item, signature: body.signature }]);
  });

  it('happens once, if both people of a direct room begin it in the same moment', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    await befriend(anna, boris);
    const { id: roomId } = await directRoom(anna, boris);
    for (const user of [anna, boris]) await insertDevice(server.db, user);
    const held = await HeldRow.hold(server.db, 'rooms', roomId);
    const outcomes = await held.release(
      'COMMIT',
      () => outcomeOf(encrypt(boris, roomId)),
      () => outcomeOf(encrypt(anna, roomId)),
    );
    expect(outcomes).toEqual(['ok', 'room_encrypted']);
  });

  it('is for owners who have a device, in private rooms', async () => {
    const { anna, boris, roomId } = await plainRoom();
    expect(await outcomeOf(encrypt(boris, roomId))).toBe('forbidden');
    const other = await newUser(server);
    expect(await outcomeOf(encrypt(other, (await newRoom(other)).id))).toBe('device_required');
    expect(await outcomeOf(encrypt(anna, (await newRoom(anna, 'public')).id))).toBe('room_public');
    expect(await outcomeOf(encrypt(anna, roomId, bodyFor(roomId, 1)))).toBe('invalid_input');
    expect(await outcomeOf(encrypt(anna, roomId, bodyFor(randomUUID())))).toBe('invalid_input');
    expect(await outcomeOf(encrypt(anna, roomId))).toBe('ok');
  });

  it('is refused in a direct room that a block has closed', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    await befriend(anna, boris);
    const { id: roomId } = await directRoom(anna, boris);
    await insertDevice(server.db, boris);
    await anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    expect(await outcomeOf(encrypt(boris, roomId))).toBe('not_contacts');
  });
});

describe('a room that is encrypted', () => {
  it('stays private, whatever comes first', async () => {
    const { anna, roomId } = await plainRoom();
    const open = () => anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { visibility: 'public' } });
    const held = await HeldRow.hold(server.db, 'rooms', roomId);
    const [encrypted, opened] = await held.release('COMMIT', () => encrypt(anna, roomId), open);
    expect([encrypted.status, opened.body.error.code]).toEqual([200, 'room_encrypted']);
    const other = await plainRoom();
    const openOther = () =>
      other.anna.rest.request('PATCH /rooms/:roomId', { roomId: other.roomId, body: { visibility: 'public' } });
    const heldOther = await HeldRow.hold(server.db, 'rooms', other.roomId);
    const [openedFirst, refused] = await heldOther.release('COMMIT', openOther, () =>
      encrypt(other.anna, other.roomId),
    );
    expect([openedFirst.status, refused.body.error.code]).toEqual([200, 'room_public']);
  });

  it('says who was a member in which version, also of people who were deleted', async () => {
    const room = await EncryptedRoom.create(server, 2);
    const [anna, boris] = room.people;
    const guest = await newGuest(anna!, room.roomId);
    await boris!.rest.request('DELETE /auth/me', { body: { password: boris!.password } });
    const load = async (after: number) =>
      (await anna!.rest.request('GET /rooms/:roomId/encryption/members', { roomId: room.roomId, query: { after } }))
        .body;
    const { changes, memberVersion, upTo } = await load(0);
    expect([memberVersion, upTo]).toEqual([4, 4]);
    const ids = [anna!.id, boris!.id].sort();
    expect(changes).toEqual([
      ...ids.map((userId) => ({ version: 2, userId, isMember: true })),
      { version: 3, userId: guest.id, isMember: true },
      { version: 4, userId: boris!.id, isMember: false },
    ]);
    expect((await load(3)).changes).toEqual([{ version: 4, userId: boris!.id, isMember: false }]);
  });

  it('leaves nothing behind when it is deleted', async () => {
    const room = await EncryptedRoom.create(server, 2);
    const [anna, boris] = room.people;
    const devices = [{ userId: boris!.id, deviceId: room.deviceIds[1]! }];
    const body = { epoch: 0, commit: 'AAAA', groupInfo: 'AAAA', welcome: { welcome: 'AAAA', devices }, rekeyedFor: 2 };
    expect((await room.commit(anna!, body)).body).toEqual({ taken: true });
    await anna!.rest.request('DELETE /rooms/:roomId', { roomId: room.roomId });
    for (const table of [
      'member_versions',
      'chain_items',
      'room_groups',
      'group_commits',
      'group_welcomes',
      'welcomed_devices',
    ])
      expect(await server.db.query(`SELECT FROM ${table} WHERE room_id = $1`, [room.roomId])).toEqual([]);
  });

  it('tells nobody else how far it is', async () => {
    const room = await EncryptedRoom.create(server, 2);
    const [anna, boris] = room.people;
    const stranger = await server.connect(await newUser(server));
    await room.commit(anna!, { epoch: 0, commit: 'AAAA', groupInfo: 'AAAA', rekeyedFor: 2 });
    const socket = await server.connect(boris!);
    await (await server.connect(anna!)).ask('chat:seal', room.sealedBy(anna!, 1));
    await socket.event('chat:posted');
    expect(stranger.events('group:changed')).toEqual([]);
  });
});

describe('200 devices', () => {
  it('are the most with which it begins', async () => {
    const { anna, boris, roomId } = await plainRoom();
    await insertDevices(server.db, boris.id, 199);
    expect(await outcomeOf(encrypt(anna, roomId))).toBe('encrypted_room_full');
    const [{ id }] = (await server.db.query<{ id: string }>('SELECT id FROM devices WHERE user_id = $1 LIMIT 1', [
      boris.id,
    ])) as [{ id: string }];
    await server.db.query('UPDATE devices SET ended_at = now() WHERE id = $1', [id]);
    expect(await outcomeOf(encrypt(anna, roomId))).toBe('ok');
  });

  it('are the most that members bring in', async () => {
    const room = await EncryptedRoom.create(server, 2);
    const [anna, boris] = room.people;
    await insertDevices(server.db, boris!.id, 197);
    const [clara, dora] = [await newUser(server), await newUser(server)];
    for (const user of [clara, dora]) await insertDevice(server.db, user);
    await bringIn(anna!, room.roomId, clara);
    const code = await newCode(anna!, room.roomId);
    const { status, body } = await dora.rest.request('POST /invitations/:code/join', { code });
    expect([status, body.error.code]).toEqual([409, 'encrypted_room_full']);
    // Nothing of it happened.
    expect((await room.status()).memberVersion).toBe(3);
    expect((await dora.rest.request('GET /rooms/:roomId', { roomId: room.roomId })).status).toBe(404);
  });

  it('keep the 201st out of the group, which was listed last', async () => {
    const room = await EncryptedRoom.create(server, 2);
    const [anna, boris] = room.people;
    await room.commit(anna!, { epoch: 0, commit: 'AAAA', groupInfo: 'AAAA', rekeyedFor: 2 });
    await insertDevices(server.db, anna!.id, 198);
    const join = () => room.commit(boris!, { epoch: 1, commit: 'AAAB', groupInfo: 'AAAA' });
    const ask = () => boris!.rest.request('POST /rooms/:roomId/groups/:groupId/welcome', room.group);
    expect((await ask()).status).toBe(204);
    await insertDevice(server.db, boris!);
    expect([(await join()).body.error.code, (await ask()).body.error.code]).toEqual([
      'encrypted_room_full',
      'encrypted_room_full',
    ]);
  });
});
