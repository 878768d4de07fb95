import { randomUUID } from 'node:crypto';
import { anyBytes, anyCommit, anyItem, EncryptedRoom, newGroupId } from '../support/encrypted-room';
import { HeldRow } from '../support/faults/held-row';
import { insertDevice } from '../support/inserted-devices';
import { RestClient } from '../support/rest';
import { newDevice, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let room: EncryptedRoom;
let [anna, boris]: TestUser[] = [];

beforeEach(async () => {
  room = await EncryptedRoom.create(server, 2);
  [anna, boris] = room.people as [TestUser, TestUser];
});

const commitsFrom = async (from: number) =>
  (await boris!.rest.request('GET /rooms/:roomId/groups/:groupId/commits', { ...room.group, query: { from } })).body;
const infoOf = async (group = room.group) =>
  (await boris!.rest.request('GET /rooms/:roomId/groups/:groupId/info', group)).body.groupInfo;

describe('a chain', () => {
  it('takes the next item alone, and the same one again', async () => {
    const [first, second] = [anyItem(), anyItem()];
    expect((await room.append(boris!, { ...first, index: 1 })).body).toEqual({ taken: true });
    expect((await room.append(boris!, { ...first, index: 1 })).body).toEqual({ taken: true });
    expect((await room.append(anna!, { ...second, index: 1 })).body).toEqual({ taken: false });
    expect((await room.append(anna!, { ...first, signature: second.signature, index: 1 })).body).toEqual({
      taken: false,
    });
    expect((await room.append(anna!, { ...second, index: 3 })).body.error.code).toBe('invalid_input');
    const chain = await anna!.rest.request('GET /rooms/:roomId/chain', { roomId: room.roomId, query: { from: 1 } });
    expect(chain.body).toEqual({ items: [first], length: 2 });
  });

  it('takes one of two items that come in the same moment', async () => {
    const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
    const [one, other] = await held.release(
      'COMMIT',
      () => room.append(boris!, { ...anyItem(), index: 1 }),
      () => room.append(anna!, { ...anyItem(), index: 1 }),
    );
    expect([one.body, other.body]).toEqual([{ taken: true }, { taken: false }]);
  });

  it('names each group of this room once', async () => {
    const append = async (groupId: string) =>
      (await room.append(anna!, { ...anyItem(), index: 1, groupId })).body.error?.code ?? 'ok';
    for (const wrong of [room.groupId, newGroupId(randomUUID(), 1)]) expect(await append(wrong)).toBe('invalid_input');
    const { length } = (
      await anna!.rest.request('GET /rooms/:roomId/chain', { roomId: room.roomId, query: { from: 0 } })
    ).body;
    expect(length).toBe(1);
    expect(await append(newGroupId(room.roomId, 1))).toBe('ok');
  });

  it('can name a group once more, whatever a member has said of groups that it does not name', async () => {
    const setUp = async (index: number, generation: number) => {
      const groupId = newGroupId(room.roomId, generation);
      expect((await room.append(anna!, { ...anyItem(), index, groupId })).body).toEqual({ taken: true });
      const group = { ...room.group, groupId };
      const commit = anyCommit(0);
      expect((await room.commit(anna!, commit, group)).body).toEqual({ taken: true });
      expect(await room.status()).toMatchObject({ generation, epoch: 1 });
      const read = { ...group, query: { from: 0 } };
      const { body } = await boris!.rest.request('GET /rooms/:roomId/groups/:groupId/commits', read);
      expect(body).toEqual({ commits: [commit.commit], epoch: 1 });
    };
    await room.commit(anna!, anyCommit(0));
    // An item about something else, sent as if it set up a group, in which the member goes on alone.
    const groupId = newGroupId(room.roomId, 1);
    await room.append(boris!, { ...anyItem(), index: 1, groupId });
    for (const epoch of [0, 1]) await room.commit(boris!, anyCommit(epoch), { ...room.group, groupId });
    await setUp(2, 1);
    // An item that sets up a group, sent as if it were about something else.
    await room.append(boris!, { ...anyItem(), index: 3 });
    await setUp(4, 3);
    expect((await commitsFrom(0)).epoch).toBe(1);
  });
});

describe('commits', () => {
  it('are taken in order, one for each epoch, with the newest group info', async () => {
    const [first, second] = [anyCommit(0, { rekeyedFor: 2 }), anyCommit(1)];
    expect(await infoOf()).toBeNull();
    expect((await room.commit(anna!, anyCommit(1))).body).toEqual({ taken: false });
    expect((await room.commit(anna!, first)).body).toEqual({ taken: true });
    expect((await room.commit(boris!, anyCommit(0))).body).toEqual({ taken: false });
    expect((await room.commit(boris!, second)).body).toEqual({ taken: true });
    expect(await commitsFrom(0)).toEqual({ commits: [first.commit, second.commit], epoch: 2 });
    expect(await commitsFrom(1)).toEqual({ commits: [second.commit], epoch: 2 });
    expect(await infoOf()).toBe(second.groupInfo);
    expect(await room.status()).toMatchObject({ generation: 0, epoch: 2, epochMessages: 0 });
  });

  it('that are sent again, since an answer was lost, were taken', async () => {
    const [first, second] = [anyCommit(0), anyCommit(1)];
    for (const commit of [first, second]) await room.commit(anna!, commit);
    expect((await room.commit(anna!, first)).body).toEqual({ taken: true });
    // What came with it counts no more.
    expect(await infoOf()).toBe(second.groupInfo);
    expect((await commitsFrom(0)).epoch).toBe(2);
  });

  it('for one epoch that come in the same moment: the first one is taken, with its group info', async () => {
    const [mine, other] = [anyCommit(0), anyCommit(0)];
    const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
    const answers = await held.release(
      'COMMIT',
      () => room.commit(boris!, mine),
      () => room.commit(anna!, other),
    );
    expect(answers.map(({ body }) => body)).toEqual([{ taken: true }, { taken: false }]);
    expect([await infoOf(), await commitsFrom(0)]).toEqual([mine.groupInfo, { commits: [mine.commit], epoch: 1 }]);
  });

  it('come in parts, none of which is too large', async () => {
    const large = Array.from({ length: 3 }, (_, epoch) => anyCommit(epoch, { commit: anyBytes(700 * 1024) }));
    for (const commit of large) expect((await room.commit(anna!, commit)).body).toEqual({ taken: true });
    const parts = [await commitsFrom(0), await commitsFrom(2)];
    expect(parts.map(({ commits, epoch }) => [commits.length, epoch])).toEqual([
      [2, 3],
      [1, 3],
    ]);
  });

  it('are read by members, and sent by their devices', async () => {
    const stranger = await newUser(server);
    await insertDevice(server.db, stranger);
    const outcome = async (user: TestUser) => (await room.commit(user, anyCommit(0))).body.error.code;
    expect(await outcome(stranger)).toBe('room_not_found');
    const second: TestUser = { ...anna!, rest: await newDevice(server, anna!) };
    expect(await outcome(second)).toBe('device_required');
    expect((await second.rest.request('GET /rooms/:roomId/groups/:groupId/info', room.group)).status).toBe(200);
    await server.db.query('UPDATE devices SET ended_at = now() WHERE id = $1', [room.deviceIds[0]]);
    expect(await outcome(anna!)).toBe('device_required');
    await anna!.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.roomId, userId: boris!.id });
    expect(await outcome(boris!)).toBe('room_not_found');
  });

  it('of a member who is removed while they wait are not taken', async () => {
    const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
    const [removed, refused] = await held.release(
      'COMMIT',
      () => anna!.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.roomId, userId: boris!.id }),
      () => room.commit(boris!, anyCommit(0)),
    );
    expect([removed.status, refused.body.error.code]).toEqual([204, 'room_not_found']);
    expect((await room.status()).epoch).toBe(0);
  });

  it('name no group that the chain has not named, and no members of the future', async () => {
    for (const groupId of [newGroupId(room.roomId), newGroupId(room.roomId, 1), newGroupId(randomUUID()), 'x'])
      expect((await room.commit(anna!, anyCommit(0), { ...room.group, groupId })).body.error.code).toBe(
        'group_not_found',
      );
    expect((await room.commit(anna!, anyCommit(0, { rekeyedFor: 3 }))).body.error.code).toBe('invalid_input');
  });

  it('go on in the group of the next generation alone, once it is set up', async () => {
    await room.commit(anna!, anyCommit(0));
    const groupId = newGroupId(room.roomId, 1);
    await room.append(boris!, { ...anyItem(), index: 1, groupId });
    expect((await room.commit(anna!, anyCommit(1))).body.error.code).toBe('group_not_found');
    expect(await room.status()).toMatchObject({ generation: 0, epoch: 1 });
    const next = { ...room.group, groupId };
    expect(await infoOf(next)).toBeNull();
    expect((await room.commit(boris!, anyCommit(0), next)).body).toEqual({ taken: true });
    expect(await room.status()).toMatchObject({ generation: 1, epoch: 1 });
    // The commits of before can still be read.
    expect((await commitsFrom(0)).commits).toHaveLength(1);
  });

  it('may be large, of signed-in people', async () => {
    const body = anyCommit(0, { commit: anyBytes(1024 * 1024), groupInfo: anyBytes(1024 * 1024) });
    expect((await room.commit(anna!, body)).body).toEqual({ taken: true });
    const url = `/api/v1/rooms/${room.roomId}/groups/${room.groupId}/commits`;
    const { token } = anna!.rest;
    for (const wrong of [undefined, 'no-token']) {
      anna!.rest.token = wrong;
      expect((await anna!.rest.send('POST', url, body)).body.error.code).toBe('unauthorized');
    }
    anna!.rest.token = token;
  });
});

describe('a claim', () => {
  const claim = async (user: TestUser, epoch: number) =>
    (await user.rest.request('POST /rooms/:roomId/groups/:groupId/claim', { ...room.group, body: { epoch } })).body
      .waitMs;

  it('has others wait until it is over', async () => {
    expect(await claim(anna!, 0)).toBe(0);
    expect(await claim(anna!, 0)).toBe(0);
    const wait = await claim(boris!, 0);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3000);
    await server.db.query(`UPDATE room_groups SET claimed_until = now() WHERE room_id = $1`, [room.roomId]);
    expect(await claim(boris!, 0)).toBe(0);
    expect(await claim(anna!, 0)).toBeGreaterThan(0);
  });

  it('is for the present epoch, and decides nothing', async () => {
    expect(await claim(anna!, 1)).toBe(0);
    expect(await claim(boris!, 0)).toBe(0);
    expect((await room.commit(anna!, anyCommit(0))).body).toEqual({ taken: true });
    expect(await claim(anna!, 1)).toBe(0);
    expect(await claim(boris!, 1)).toBeGreaterThan(0);
  });
});

describe('two replicas', () => {
  const replica = useServer(() => startApp({ database: server.db }));
  const at = (user: TestUser): TestUser => ({ ...user, rest: new RestClient(replica.url, user.rest.token) });

  it('take one commit for an epoch, and give one claim', async () => {
    const claim = { ...room.group, body: { epoch: 0 } };
    const waits = [
      await anna!.rest.request('POST /rooms/:roomId/groups/:groupId/claim', claim),
      await at(boris!).rest.request('POST /rooms/:roomId/groups/:groupId/claim', claim),
    ].map(({ body }) => body.waitMs > 0);
    expect(waits).toEqual([false, true]);
    const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
    const answers = await held.release(
      'COMMIT',
      () => room.commit(at(boris!), anyCommit(0)),
      () => room.commit(anna!, anyCommit(0)),
    );
    expect(answers.map(({ body }) => body)).toEqual([{ taken: true }, { taken: false }]);
  });
});

describe('with the limits as they are', () => {
  const limited = useServer(() => startApp({ env: { THROTTLE_SCALE: '1' } }));

  it('a device commits ten times a minute, and sends again for free', async () => {
    const flooded = await EncryptedRoom.create(limited, 2);
    const commits = Array.from({ length: 10 }, (_, epoch) => anyCommit(epoch));
    for (const commit of commits) await flooded.commit(flooded.people[0]!, commit);
    const { status, body } = await flooded.commit(flooded.people[0]!, anyCommit(10));
    expect([status, body.error.code]).toEqual([429, 'too_many_requests']);
    expect((await flooded.commit(flooded.people[0]!, commits[9]!)).body).toEqual({ taken: true });
    expect((await flooded.commit(flooded.people[1]!, anyCommit(10))).body).toEqual({ taken: true });
  });

  it('a user sets up five groups an hour, and sends again for free', async () => {
    const broken = await EncryptedRoom.create(limited, 1);
    const [owner] = broken.people;
    const items = [1, 2, 3, 4, 5, 6].map((index) => ({
      ...anyItem(),
      index,
      groupId: newGroupId(broken.roomId, index),
    }));
    for (const item of items.slice(0, 5)) expect((await broken.append(owner!, item)).body).toEqual({ taken: true });
    expect((await broken.append(owner!, items[5]!)).body.error.code).toBe('too_many_requests');
    expect((await broken.append(owner!, items[4]!)).body).toEqual({ taken: true });
  });
});
