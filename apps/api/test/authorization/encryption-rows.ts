import { randomUUID } from 'node:crypto';
import { anyBytes, anyCommit, anyItem, newGroupId } from '../support/encrypted-room';
import { insertDevice } from '../support/inserted-devices';
import { type RestRow, restRow } from './rest-row';
import type { Actor, Outcomes, World } from './world';

const MEMBERS: Outcomes = ['unauthorized', 'ok', 'room_not_found', 'ok', 'ok', 'ok'];
const OWNER: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'forbidden', 'ok'];

/** Gives the actor a device, so that nothing but rights is missing. */
async function withDevice({ db, users }: World, actor: Actor): Promise<void> {
  if (actor !== 'anonymous') await insertDevice(db, users[actor]);
}

/** Encrypts the room of a world, unless it is public. @returns its group */
export async function encryptedGroup(world: World): Promise<{ roomId: string; groupId: string }> {
  const { roomId, users, db } = world;
  await insertDevice(db, users.owner);
  const groupId = newGroupId(roomId);
  await users.owner.rest.request('POST /rooms/:roomId/encryption', { roomId, body: { ...anyItem(), groupId } });
  return { roomId, groupId };
}

async function groupOf(world: World, actor: Actor): Promise<{ roomId: string; groupId: string }> {
  const group = await encryptedGroup(world);
  await withDevice(world, actor);
  return group;
}

const anyKeyRequest = () => ({ request: anyBytes(), signature: anyBytes(64) });

/** The rows of the table about encrypted rooms: every member has keys, and so a part in keeping them. */
export const ENCRYPTION_ROWS: readonly RestRow[] = [
  restRow('POST /rooms/:roomId/encryption', OWNER, async (world, actor) => {
    await withDevice(world, actor);
    return { roomId: world.roomId, body: { ...anyItem(), groupId: newGroupId(world.roomId) } };
  }),
  restRow('GET /rooms/:roomId/encryption', MEMBERS, groupOf),
  restRow('GET /rooms/:roomId/encryption/members', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    query: { after: 0 },
  })),
  restRow('GET /rooms/:roomId/chain', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    query: { from: 0 },
  })),
  restRow('POST /rooms/:roomId/chain', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    body: { ...anyItem(), index: 1 },
  })),
  restRow('GET /rooms/:roomId/groups/:groupId/commits', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    query: { from: 0 },
  })),
  restRow('POST /rooms/:roomId/groups/:groupId/commits', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    body: anyCommit(0),
  })),
  restRow('POST /rooms/:roomId/groups/:groupId/claim', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    body: { epoch: 0 },
  })),
  restRow('GET /rooms/:roomId/groups/:groupId/info', MEMBERS, groupOf),
  restRow('GET /rooms/:roomId/groups/:groupId/welcome', MEMBERS, groupOf),
  restRow('POST /rooms/:roomId/groups/:groupId/welcome', MEMBERS, groupOf),
  restRow('DELETE /rooms/:roomId/groups/:groupId/welcome/:welcomeId', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    welcomeId: randomUUID(),
  })),
  restRow('GET /rooms/:roomId/key-requests', MEMBERS, groupOf),
  restRow('PUT /rooms/:roomId/key-requests/own', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    body: anyKeyRequest(),
  })),
  restRow('DELETE /rooms/:roomId/key-requests/own', MEMBERS, groupOf),
  restRow('GET /rooms/:roomId/key-requests/own/answers', MEMBERS, async (world, actor) => ({
    ...(await groupOf(world, actor)),
    query: { from: 0 },
  })),
  restRow('POST /rooms/:roomId/key-requests/:userId/:deviceId/answers', MEMBERS, async (world, actor) => {
    const { roomId } = await groupOf(world, actor);
    const { db, victim } = world;
    const deviceId = await insertDevice(db, victim);
    await victim.rest.request('PUT /rooms/:roomId/key-requests/own', { roomId, body: anyKeyRequest() });
    return { roomId, userId: victim.id, deviceId, body: { answer: anyBytes(), signature: anyBytes(64) } };
  }),
];
