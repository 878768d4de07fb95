import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type SignedChainItem } from '../chain/chain-item';
import {
  type EpochRecord,
  type RoomDelivery,
  type RoomPeople,
  type RoomRecord,
  type RoomStore,
  type SentCommit,
} from '../room/ports';
import { RoomDevice } from '../room/room-device';
import { type RoomAccess } from '../room/room-history';
import { type SealedContent } from '../seal/sealed-message';
import { START, type TestDevice, type TestPerson } from './people';

/** The room in tests. */
export const ROOM = 'room';

/** A message in the memory of a server. */
export interface StoredMessage {
  readonly messageId: string;
  readonly userId: string;
  readonly content: SealedContent;
}

/** A server of one room that keeps everything in memory, and the rules of the real one. */
export class MemoryServer implements RoomDelivery, RoomPeople {
  readonly messages: StoredMessage[] = [];
  readonly people: TestPerson[] = [];
  private readonly chain: SignedChainItem[] = [];
  private readonly commits = new Map<string, Bytes[]>();
  private readonly infos = new Map<string, Bytes>();
  private readonly memberVersions: ReadonlySet<string>[] = [new Set()];

  async fetchChain(from: number): Promise<readonly SignedChainItem[]> {
    return this.chain.slice(from);
  }

  async sendChainItem(index: number, item: SignedChainItem): Promise<boolean> {
    if (index === this.chain.length) this.chain.push(item);
    const taken = this.chain[index];
    return taken !== undefined && equalBytes(taken.signature, item.signature);
  }

  async fetchCommits(groupId: Bytes, epoch: number): Promise<readonly Bytes[]> {
    return this.commitsOf(groupId).slice(epoch);
  }

  async sendCommit(groupId: Bytes, epoch: number, { commit, groupInfo }: SentCommit): Promise<boolean> {
    const commits = this.commitsOf(groupId);
    if (epoch === commits.length) {
      commits.push(commit);
      this.infos.set(hexOf(groupId), groupInfo);
    }
    const taken = commits[epoch];
    return taken !== undefined && equalBytes(taken, commit);
  }

  /** @returns how many commits of the group the server has */
  commitCount(groupId: Bytes): number {
    return this.commitsOf(groupId).length;
  }

  async fetchGroupInfo(groupId: Bytes): Promise<Bytes | null> {
    return this.infos.get(hexOf(groupId)) ?? null;
  }

  get memberVersion(): number {
    return this.memberVersions.length - 1;
  }

  async fetchMemberVersion(): Promise<number> {
    return this.memberVersion;
  }

  /** @returns whether the message was taken: only those of the newest epoch are */
  async sendMessage(groupId: Bytes, epoch: number, message: StoredMessage): Promise<boolean> {
    if (epoch !== this.commitCount(groupId)) return false;
    if (!this.messages.some(({ messageId }) => messageId === message.messageId)) this.messages.push(message);
    return true;
  }

  /** Makes a user a member, or none any more. */
  setMember(userId: string, isMember: boolean): void {
    const members = new Set(this.memberVersions.at(-1));
    if (isMember) members.add(userId);
    else members.delete(userId);
    this.memberVersions.push(members);
  }

  isMember(userId: string, version: number): boolean {
    return this.memberVersions[version]?.has(userId) ?? false;
  }

  deviceListOf(userId: string, identity: Uint8Array) {
    const found = this.people.find((one) => one.userId === userId && equalBytes(one.identity.publicKey, identity));
    return found?.list ?? null;
  }

  private commitsOf(groupId: Bytes): Bytes[] {
    const commits = this.commits.get(hexOf(groupId)) ?? [];
    this.commits.set(hexOf(groupId), commits);
    return commits;
  }
}

/** A store of one room in memory. */
export class MemoryStore implements RoomStore {
  readonly epochs: EpochRecord[] = [];
  private record: RoomRecord = { revision: 0, chain: [], group: null, pending: null };

  async readRoom(): Promise<RoomRecord> {
    return this.record;
  }

  async writeRoom(room: RoomRecord, epochs: readonly EpochRecord[]): Promise<boolean> {
    if (room.revision !== this.record.revision) return false;
    this.record = { ...room, revision: room.revision + 1 };
    this.epochs.push(...epochs);
    return true;
  }
}

/** @returns the room of a device, at that server, with what differs from a device without any past */
export function memoryRoomDevice(
  device: TestDevice,
  server: MemoryServer,
  {
    store = new MemoryStore(),
    delivery = server,
    floor = null,
  }: Partial<Pick<RoomAccess, 'store' | 'delivery' | 'floor'>> = {},
): RoomDevice {
  return new RoomDevice({
    roomId: ROOM,
    device,
    groups: device.groups,
    store,
    delivery,
    people: server,
    floor,
    leafIdentity: () => device.leafIdentity(),
    now: () => START,
  });
}
