import type { RestRequest, SendCommitDto } from '@webcall/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import type { TestDatabase } from './database';
import { insertDevice } from './inserted-devices';
import { bringIn, newRoom, newUser, type TestApp, type TestUser } from './test-app';

/** The server reads nothing of it: any bytes will do. */
export const anyBytes = (length = 24): string => randomBytes(length).toString('base64url');

/** @returns an id for a group of that room */
export function newGroupId(roomId: string, generation = 0): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(generation);
  return Buffer.concat([Buffer.from(roomId), number, randomBytes(16)]).toString('base64url');
}

export const anyItem = (): { item: string; signature: string } => ({ item: anyBytes(), signature: anyBytes(64) });

/** A commit of that epoch. */
export const anyCommit = (epoch: number, more: Partial<SendCommitDto> = {}): SendCommitDto => ({
  epoch,
  commit: anyBytes(),
  groupInfo: anyBytes(),
  ...more,
});

/** A message that the device has sealed in that epoch, as `chat:seal` sends it. */
export const anySealed = (roomId: string, device: string, epoch: number, generation = 0) => ({
  roomId,
  id: randomUUID(),
  generation,
  epoch,
  keyId: anyBytes(16),
  device,
  box: anyBytes(),
});

/** An encrypted room, and how its members speak with the server about it. */
export class EncryptedRoom {
  private constructor(
    readonly db: TestDatabase,
    readonly roomId: string,
    readonly groupId: string,
    readonly people: readonly TestUser[],
    /** The device of each of them. */
    readonly deviceIds: readonly string[],
  ) {}

  /** Makes a room of so many people, each with a device; the first one owns it. */
  static async create(server: Pick<TestApp, 'url' | 'db'>, size = 2): Promise<EncryptedRoom> {
    const people = await Promise.all(Array.from({ length: size }, () => newUser(server)));
    const { id } = await newRoom(people[0]!);
    for (const user of people.slice(1)) await bringIn(people[0]!, id, user);
    return EncryptedRoom.encrypt(server.db, id, people);
  }

  /** Encrypts the room of people, each of whom gets a device. */
  static async encrypt(db: TestDatabase, roomId: string, people: readonly TestUser[]): Promise<EncryptedRoom> {
    const deviceIds: string[] = [];
    for (const user of people) deviceIds.push(await insertDevice(db, user));
    const groupId = newGroupId(roomId);
    const { status, body } = await people[0]!.rest.request('POST /rooms/:roomId/encryption', {
      roomId,
      body: { ...anyItem(), groupId },
    });
    if (status !== 200) throw new Error(`encrypting was answered with ${status}: ${JSON.stringify(body)}`);
    return new EncryptedRoom(db, roomId, groupId, people, deviceIds);
  }

  get group(): { roomId: string; groupId: string } {
    return { roomId: this.roomId, groupId: this.groupId };
  }

  /** What the owner is told. */
  async status() {
    const [owner] = this.people;
    return (await owner!.rest.request('GET /rooms/:roomId/encryption', { roomId: this.roomId })).body;
  }

  /** A message that the device of a member has sealed in that epoch. */
  sealedBy(user: Pick<TestUser, 'id'>, epoch: number, generation = 0) {
    const device = this.deviceIds[this.people.findIndex(({ id }) => id === user.id)]!;
    return anySealed(this.roomId, device, epoch, generation);
  }

  commit(user: TestUser, body: SendCommitDto, group = this.group) {
    return user.rest.request('POST /rooms/:roomId/groups/:groupId/commits', { ...group, body });
  }

  append(user: TestUser, body: RestRequest<'POST /rooms/:roomId/chain'>['body']) {
    return user.rest.request('POST /rooms/:roomId/chain', { roomId: this.roomId, body });
  }
}
