import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type SignedChainItem } from '../chain/chain-item';
import { generationOf } from '../chain/group-id';
import { type SignedKeyAnswer } from '../keys/key-answer';
import { type SignedKeyRequest } from '../keys/key-request';
import { type KeyDelivery, MOST_KEY_ANSWERS, MOST_KEY_ANSWERS_OF_USER, type OpenKeyRequest } from '../keys/ports';
import { type DeviceName, type RoomDelivery, type RoomPeople, type RoomStatus, type SentCommit } from '../room/ports';
import { BrokenGroupRefusal } from '../room/room-history';
import { type SealedContent } from '../seal/sealed-message';
import { START, type TestPerson } from './people';

const CLAIM_MS = 3000;
const MINUTE = 60_000;
const MOST_COMMITS_OF_MINUTE = 10;
const KEY_REQUEST_MS = 24 * 3_600_000;

/** A message, or an edit of one, on its way to the server. */
export interface SentMessage {
  readonly messageId: string;
  readonly userId: string;
  /** 0 for the message itself, then one more with each edit. */
  readonly edit: number;
  readonly content: SealedContent;
}

/** A message in the memory of a server, with its edits. */
export interface StoredMessage {
  readonly messageId: string;
  readonly userId: string;
  readonly versions: readonly {
    readonly content: SealedContent;
    /** The devices of the members when it was taken: nobody else may ever read it. */
    readonly audience: readonly DeviceName[];
  }[];
}

/** A request for keys in the memory of a server. */
interface KeptKeyRequest extends OpenKeyRequest {
  readonly time: number;
  /** By the devices that gave them. */
  readonly answers: ReadonlyMap<string, SignedKeyAnswer>;
}

/** What became of a message. */
export type SendOutcome = 'taken' | 'epoch_past' | 'room_rekeying' | 'not_a_member' | 'edited_meanwhile';

/** A server of one room that keeps everything in memory, and the rules of the real one. */
export class MemoryServer implements RoomDelivery, RoomPeople, KeyDelivery {
  /** Its clock, and that of all devices which have none of their own. */
  time = START;
  messages: readonly StoredMessage[] = [];
  /** Whoever wants to be let in by another device. */
  readonly asking: DeviceName[] = [];
  readonly people: TestPerson[] = [];
  private readonly chain: SignedChainItem[] = [];
  private readonly commits = new Map<string, Bytes[]>();
  private readonly infos = new Map<string, Bytes>();
  private readonly keyPackages = new Map<string, Bytes>();
  private readonly welcomes = new Map<string, Bytes>();
  private readonly keyRequests = new Map<string, KeptKeyRequest>();
  private readonly claims = new Map<string, { device: DeviceName; since: number }>();
  private readonly memberVersions: ReadonlySet<string>[] = [new Set()];
  private generation = -1;
  /** The last one that the chain has named: it alone takes commits. */
  private newestGroup: string | null = null;
  private epochMessages = 0;
  private rekeyDueSince: number | null = null;

  /** @returns another server that has come as far as this one */
  copy(): MemoryServer {
    const copy = new MemoryServer();
    copy.people.push(...this.people);
    copy.chain.push(...this.chain);
    for (const [groupId, commits] of this.commits) copy.commits.set(groupId, [...commits]);
    for (const [key, request] of this.keyRequests) copy.keyRequests.set(key, request);
    for (const name of ['infos', 'keyPackages', 'welcomes'] as const)
      for (const [key, bytes] of this[name]) copy[name].set(key, bytes);
    copy.memberVersions.push(...this.memberVersions.slice(1));
    copy.messages = this.messages;
    for (const name of ['time', 'generation', 'newestGroup', 'epochMessages', 'rekeyDueSince'] as const)
      Object.assign(copy, { [name]: this[name] });
    return copy;
  }

  async fetchChain(from: number): Promise<readonly SignedChainItem[]> {
    return this.chain.slice(from);
  }

  async sendChainItem(index: number, item: SignedChainItem, groupId: Bytes | null): Promise<boolean> {
    if (index === this.chain.length) {
      this.chain.push(item);
      if (groupId) this.newestGroup = hexOf(groupId);
    }
    const taken = this.chain[index];
    return taken !== undefined && equalBytes(taken.signature, item.signature);
  }

  async fetchCommits(groupId: Bytes, epoch: number): Promise<readonly Bytes[]> {
    return this.commitsOf(groupId).slice(epoch);
  }

  async sendCommit(groupId: Bytes, epoch: number, sent: SentCommit): Promise<boolean> {
    const { commit, groupInfo, welcome, rekeyedFor } = sent;
    const commits = this.commitsOf(groupId);
    if (epoch >= commits.length && hexOf(groupId) !== this.newestGroup) throw new BrokenGroupRefusal('other_group');
    if (epoch === commits.length) {
      commits.push(commit);
      this.infos.set(hexOf(groupId), groupInfo);
      if (welcome)
        for (const device of welcome.devices) this.welcomes.set(welcomeKey(groupId, device), welcome.welcome);
      this.generation = generationOf(groupId);
      this.epochMessages = 0;
      if (rekeyedFor !== null && rekeyedFor >= (this.rekeyDueSince ?? 0)) this.rekeyDueSince = null;
    }
    const taken = commits[epoch];
    return taken !== undefined && equalBytes(taken, commit);
  }

  async claimCommit(groupId: Bytes, epoch: number, device: DeviceName): Promise<number> {
    const key = `${hexOf(groupId)} ${epoch}`;
    const claim = this.claims.get(key);
    const left = claim ? claim.since + CLAIM_MS - this.time : 0;
    if (claim && left > 0) return isSameDevice(claim.device, device) ? 0 : left;
    const own = [...this.claims.values()].filter((one) => isSameDevice(one.device, device));
    const recent = own.filter(({ since }) => since > this.time - MINUTE).map(({ since }) => since);
    if (recent.length >= MOST_COMMITS_OF_MINUTE) return Math.min(...recent) + MINUTE - this.time;
    this.claims.set(key, { device, since: this.time });
    return 0;
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

  async fetchStatus(): Promise<RoomStatus> {
    const { memberVersion, rekeyDueSince, epochMessages } = this;
    return { memberVersion, isRekeyDue: rekeyDueSince !== null, epochMessages };
  }

  async fetchKeyPackage(device: DeviceName): Promise<Bytes | null> {
    return this.keyPackages.get(deviceKey(device)) ?? null;
  }

  /** Takes the one key package that a device has here. */
  async sendKeyPackage(device: DeviceName, keyPackage: Bytes): Promise<void> {
    this.keyPackages.set(deviceKey(device), keyPackage);
  }

  async askForWelcome(_groupId: Bytes, device: DeviceName): Promise<void> {
    this.asking.push(device);
  }

  async fetchWelcome(groupId: Bytes, device: DeviceName): Promise<Bytes | null> {
    return this.welcomes.get(welcomeKey(groupId, device)) ?? null;
  }

  async deleteWelcome(groupId: Bytes, device: DeviceName): Promise<void> {
    this.welcomes.delete(welcomeKey(groupId, device));
  }

  async sendKeyRequest(asker: DeviceName, request: SignedKeyRequest): Promise<void> {
    this.keyRequests.set(deviceKey(asker), { asker, request, time: this.time, answers: new Map() });
  }

  async fetchKeyRequests(device: DeviceName): Promise<readonly OpenKeyRequest[]> {
    const open = [...this.keyRequests.values()].filter(
      ({ asker }) => !isSameDevice(asker, device) && this.isOpen(asker),
    );
    return open.toSorted((a, b) => b.time - a.time).map(({ asker, request }) => ({ asker, request }));
  }

  async sendKeyAnswer(asker: DeviceName, answerer: DeviceName, answer: SignedKeyAnswer): Promise<boolean> {
    const kept = this.keyRequests.get(deviceKey(asker));
    if (!kept || !this.isOpen(asker)) return false;
    const before = kept.answers.get(deviceKey(answerer));
    if (before) return equalBytes(before.answer, answer.answer);
    const ofUser = [...kept.answers.keys()].filter((key) => key.startsWith(`${answerer.userId} `));
    if (kept.answers.size >= MOST_KEY_ANSWERS || ofUser.length >= MOST_KEY_ANSWERS_OF_USER) return false;
    const answers = new Map(kept.answers).set(deviceKey(answerer), answer);
    this.keyRequests.set(deviceKey(asker), { ...kept, answers });
    return true;
  }

  async fetchKeyAnswers(asker: DeviceName): Promise<readonly SignedKeyAnswer[]> {
    return this.isOpen(asker) ? [...(this.keyRequests.get(deviceKey(asker))?.answers.values() ?? [])] : [];
  }

  async deleteKeyRequest(asker: DeviceName): Promise<void> {
    this.keyRequests.delete(deviceKey(asker));
  }

  /** Takes messages of members in the newest epoch only, and none while somebody may be in who is out. */
  async sendMessage(groupId: Bytes, epoch: number, sent: SentMessage): Promise<SendOutcome> {
    const { messageId, userId, edit, content } = sent;
    const before = this.messages.find((message) => message.messageId === messageId);
    const versions = before?.versions ?? [];
    if (before && before.userId !== userId) return 'not_a_member';
    if (edit < versions.length) return edit === 0 ? 'taken' : 'edited_meanwhile';
    if (!this.isMember(userId, this.memberVersion)) return 'not_a_member';
    if (generationOf(groupId) !== this.generation || epoch !== this.commitCount(groupId)) return 'epoch_past';
    if (this.rekeyDueSince !== null) return 'room_rekeying';
    const stored = { messageId, userId, versions: [...versions, { content, audience: this.audience() }] };
    this.messages = [...this.messages.filter((message) => message !== before), stored];
    this.epochMessages++;
    return 'taken';
  }

  /** Makes a user a member, or none any more; the room’s secret has to be renewed then. */
  setMember(userId: string, isMember: boolean): void {
    const members = new Set(this.memberVersions.at(-1));
    if (isMember) members.add(userId);
    else members.delete(userId);
    this.memberVersions.push(members);
    if (!isMember) this.rekeyDueSince = this.memberVersion;
  }

  /** Ends a device of a person; the room’s secret has to be renewed then. */
  endDevice(person: TestPerson, deviceId: string): void {
    person.endDevice(deviceId, this.time);
    this.memberVersions.push(new Set(this.memberVersions.at(-1)));
    this.rekeyDueSince = this.memberVersion;
  }

  isMember(userId: string, version: number): boolean {
    return this.memberVersions[version]?.has(userId) ?? false;
  }

  deviceListOf(userId: string, identity: Uint8Array) {
    const found = this.people.find((one) => one.userId === userId && equalBytes(one.identity.publicKey, identity));
    return found?.list ?? null;
  }

  private isOpen(asker: DeviceName): boolean {
    const kept = this.keyRequests.get(deviceKey(asker));
    return kept !== undefined && this.time - kept.time < KEY_REQUEST_MS;
  }

  private audience(): DeviceName[] {
    const members = this.people.filter(({ userId }) => this.isMember(userId, this.memberVersion));
    return members.flatMap(({ userId, list }) =>
      list.devices.filter(({ until }) => until === null).map(({ deviceId }) => ({ userId, deviceId })),
    );
  }

  private commitsOf(groupId: Bytes): Bytes[] {
    const commits = this.commits.get(hexOf(groupId)) ?? [];
    this.commits.set(hexOf(groupId), commits);
    return commits;
  }
}

function isSameDevice(a: DeviceName, b: DeviceName): boolean {
  return deviceKey(a) === deviceKey(b);
}

function deviceKey({ userId, deviceId }: DeviceName): string {
  return `${userId} ${deviceId}`;
}

function welcomeKey(groupId: Bytes, device: DeviceName): string {
  return `${hexOf(groupId)} ${deviceKey(device)}`;
}

/** @returns a server that is the other one except where it lies */
export function lyingServer(server: MemoryServer, lies: Partial<RoomDelivery>): RoomDelivery {
  return new Proxy(server, {
    get: (target, name, receiver) => Reflect.get(name in lies ? lies : target, name, receiver) as unknown,
  });
}
