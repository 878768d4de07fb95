import { type Bytes, equalBytes } from '../bytes/bytes';
import {
  CHAIN_HASH_LENGTH,
  type ChainBody,
  type ChainItem,
  signChainItem,
  type SignedChainItem,
} from '../chain/chain-item';
import { policiesOf } from '../chain/chain-policy';
import { type ChainRefusal, extendChain } from '../chain/chain-rules';
import { type ChainFloor, type FloorRefusal, isBelowFloor, refuseFloor, type RoomChain } from '../chain/room-chain';
import { type CommitNote } from '../group/commit-note';
import { type LeafIdentity } from '../group/credential';
import { type Group, type GroupChange, type GroupRefusal, type Groups } from '../group/group';
import { type GroupPolicy, staleLeaves } from '../group/group-policy';
import { type Device } from '../identity/device';
import {
  type EpochRecord,
  type PendingRecord,
  type RoomDelivery,
  type RoomPeople,
  type RoomRecord,
  type RoomStore,
} from './ports';

/** A device’s access to one room. */
export interface RoomAccess {
  readonly roomId: string;
  readonly device: Device;
  readonly groups: Groups;
  readonly store: RoomStore;
  readonly delivery: RoomDelivery;
  readonly people: RoomPeople;
  /** Of the link, the welcome or the vault; null where there was none. */
  readonly floor: ChainFloor | null;
  leafIdentity(): LeafIdentity;
  now(): number;
}

/** A room as a device has it after it has read all that the server gave it. */
export interface RoomView {
  readonly chain: RoomChain;
  /** Null if the device is not in the group. */
  readonly group: Group | null;
  /** By what chain and server say now. */
  readonly policy: GroupPolicy;
  readonly note: CommitNote;
}

/** A view of a device that is in the group. */
export type MemberView = RoomView & { readonly group: Group };

/**
 * Why a device cannot go on in a room. `undecided`: the server does not say yet which commit it took. `below_floor`: it
 * gives an older group than somebody whom one believes has seen.
 */
export type RoomRefusalReason =
  | GroupRefusal
  | ChainRefusal
  | FloorRefusal
  | 'not_in_group'
  | 'no_group_info'
  | 'no_chain'
  | 'undecided'
  | 'below_floor';

/** What the server gave is refused, or not enough to go on with. What was stored before stays as it was. */
export class RoomRefusal extends Error {
  constructor(readonly reason: RoomRefusalReason) {
    super(`The room cannot go on here: ${reason}.`);
  }
}

interface Followed {
  readonly chain: RoomChain;
  readonly group: Group | null;
  readonly next: RoomRecord;
  readonly hasNews: boolean;
  readonly epochs: readonly EpochRecord[];
  readonly erasers: readonly (() => void)[];
}

/**
 * The room of one device. Each step reads the store, and what it writes counts only if
 * nobody has written in between, so there is no owner among tabs. Every state is stored before its effect is sent, so a
 * step that ends anywhere is taken up by the next one.
 */
export class RoomDevice {
  /** The chain as it was verified last, up to the item beside it; made again if the store has another one. */
  private verified: RoomChain | null = null;
  private lastVerified: SignedChainItem | undefined;

  constructor(private readonly access: RoomAccess) {}

  /** @returns the room with everything that the server has of chain and commits */
  async catchUp(): Promise<RoomView> {
    for (;;) {
      const record = await this.access.store.readRoom();
      const followed = await this.followCommits(record, await this.followChain(record));
      if (followed.hasNews && !(await this.access.store.writeRoom(followed.next, followed.epochs))) continue;
      for (const erase of followed.erasers) erase();
      return this.viewOf(followed);
    }
  }

  /**
   * Appends an item to the room’s chain; others may do so at the same time.
   * @param bodyFor what to append to the chain as it is by then; null if nothing is left to say
   */
  async appendToChain(bodyFor: (chain: RoomChain | null) => ChainBody | null): Promise<void> {
    for (;;) {
      const record = await this.access.store.readRoom();
      const [chain, items] = await this.fetchChain(record);
      const body = bodyFor(chain);
      if (!body) return;
      const item: ChainItem = {
        roomId: this.access.roomId,
        index: items.length,
        previous: chain?.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH),
        time: Math.max(this.access.now(), chain?.time ?? 0),
        author: this.access.leafIdentity(),
        body,
      };
      const signed = await signChainItem(item, this.access.device);
      await this.extend(chain, signed);
      if (await this.access.delivery.sendChainItem(items.length, signed)) return;
    }
  }

  /** Makes the group whose id this device has put into the chain, and lets others join it. */
  async createGroup(): Promise<void> {
    const { chain, group } = await this.catchUp();
    if (!group) {
      const created = await this.access.groups.create(newestGroupIdOf(chain), this.access.leafIdentity());
      const record = await this.access.store.readRoom();
      await this.access.store.writeRoom({ ...record, group: created.encode() }, [await epochRecordOf(created)]);
    }
    // The first commit leaves a group info.
    await this.changeGroup((view) => (view.group.epoch === 0 ? {} : null));
  }

  /**
   * Changes the group, by commits of this device. Whatever is stale goes out with it.
   * @param changeFor what else to change in the group as it is by then; null if nothing is left to do
   */
  async changeGroup(changeFor: (view: MemberView) => GroupChange | null): Promise<MemberView> {
    for (;;) {
      const { group, ...view } = await this.catchUp();
      if (!group) throw new RoomRefusal('not_in_group');
      const stale = staleLeaves(group.roster, view.policy).map(({ index }) => index);
      if (stale.includes(group.own.index)) throw new RoomRefusal('not_in_group');
      const change = changeFor({ ...view, group });
      if (!change && stale.length === 0) return { ...view, group };
      const remove = [...new Set([...stale, ...(change?.remove ?? [])])];
      const prepared = await group.prepareCommit({ add: change?.add ?? [], remove }, view.note, view.policy);
      await this.storePending(group.epoch, prepared, view.note);
    }
  }

  /** @returns the group in which something may be sealed now: nobody is in it any more who has no business there */
  prepareToSeal(): Promise<MemberView> {
    return this.changeGroup(() => null);
  }

  /** Comes into the group by an own commit. */
  async joinGroup(): Promise<MemberView> {
    const { delivery, groups } = this.access;
    for (;;) {
      const { group, ...view } = await this.catchUp();
      if (group) return { ...view, group };
      const groupId = newestGroupIdOf(view.chain);
      const info = await delivery.fetchGroupInfo(groupId);
      if (!info) throw new RoomRefusal('no_group_info');
      const leaf = this.access.leafIdentity();
      const joined = await groups.joinByCommit(groupId, info, leaf, view.note, this.policies(view.chain));
      if ('refused' in joined) throw new RoomRefusal(joined.refused);
      // Others would take it, or not, and take it out again: who is out does not try.
      if (staleLeaves([joined.group.own], view.policy).length > 0) throw new RoomRefusal('not_admitted');
      const before = { generation: view.chain.groupIds.length - 1, epoch: joined.group.epoch - 1 };
      if (this.access.floor && isBelowFloor(this.access.floor, before)) throw new RoomRefusal('below_floor');
      await this.storePending(joined.group.epoch - 1, joined, view.note);
    }
  }

  /** Stores a commit; {@link catchUp} sends it, as often as needed, and finds out what became of it. */
  private async storePending(
    epoch: number,
    { commit, welcome, group }: { commit: Bytes; welcome: Bytes | null; group: Group },
    note: CommitNote,
  ): Promise<void> {
    const sent = { commit, welcome, groupInfo: await group.exportGroupInfo(note) };
    const record = await this.access.store.readRoom();
    const current = record.group && this.access.groups.decode(record.group);
    // A pending commit may have been taken: only what the server has says whether it may be forgotten.
    if (record.pending || (current && current.epoch !== epoch)) return;
    await this.access.store.writeRoom({ ...record, pending: { epoch, sent, group: group.encode() } }, []);
  }

  private async followChain(record: RoomRecord): Promise<[RoomChain, readonly SignedChainItem[]]> {
    const [chain, items] = await this.fetchChain(record);
    if (!chain) throw new RoomRefusal('no_chain');
    const refused = this.access.floor && refuseFloor(chain, this.access.floor);
    if (refused) throw new RoomRefusal(refused);
    return [chain, items];
  }

  private async fetchChain(record: RoomRecord): Promise<[RoomChain | null, readonly SignedChainItem[]]> {
    const items = [...record.chain, ...(await this.access.delivery.fetchChain(record.chain.length))];
    const last = this.verified && items[this.verified.hashes.length - 1];
    const verified = last && this.lastVerified && isSameItem(last, this.lastVerified) ? this.verified : null;
    let chain: RoomChain | null = verified;
    for (const signed of items.slice(verified?.hashes.length ?? 0)) chain = await this.extend(chain, signed);
    this.verified = chain;
    this.lastVerified = items.at(-1);
    return [chain, items];
  }

  private async extend(chain: RoomChain | null, signed: SignedChainItem): Promise<RoomChain> {
    const { roomId, people } = this.access;
    const outcome = await extendChain(roomId, chain, signed, (userId, identity) =>
      people.deviceListOf(userId, identity),
    );
    if ('refused' in outcome) throw new RoomRefusal(outcome.refused);
    return outcome.chain;
  }

  private async followCommits(
    record: RoomRecord,
    [chain, items]: [RoomChain, readonly SignedChainItem[]],
  ): Promise<Followed> {
    const { delivery, groups } = this.access;
    const groupId = newestGroupIdOf(chain);
    const stored = record.group && groups.decode(record.group);
    let group = stored && equalBytes(stored.groupId, groupId) ? stored : null;
    let pending: PendingRecord | null = stored && !group ? null : record.pending;
    // Again, if it was sent before: the server takes it once, and what it took, its commits say.
    if (pending) await delivery.sendCommit(groupId, pending.epoch, pending.sent);
    const epochs: EpochRecord[] = [];
    const erasers: (() => void)[] = [];
    const from = group?.epoch ?? pending?.epoch;
    for (const commit of from === undefined ? [] : await delivery.fetchCommits(groupId, from)) {
      if (pending && equalBytes(pending.sent.commit, commit)) group = groups.decode(pending.group);
      else if (group) {
        const processed = await group.processCommit(commit, this.policies(chain));
        if ('refused' in processed) {
          if (processed.refused === 'other_epoch') continue;
          throw new RoomRefusal(processed.refused);
        }
        group = processed.group;
        erasers.push(() => processed.eraseEpochBefore());
      }
      pending = null;
      if (!group) break;
      epochs.push(await epochRecordOf(group));
    }
    if (pending) throw new RoomRefusal('undecided');
    const next = { revision: record.revision, chain: items, group: group?.encode() ?? null, pending };
    const hasNews =
      items.length > record.chain.length ||
      epochs.length > 0 ||
      pending !== record.pending ||
      (group === null) !== (record.group === null);
    return { chain, group, next, hasNews, epochs, erasers };
  }

  private async viewOf({ chain, group }: Followed): Promise<RoomView> {
    const chainHead = chain.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH);
    const memberVersion = await this.access.delivery.fetchMemberVersion();
    const note = { chainLength: chain.hashes.length, chainHead, memberVersion };
    const policy = this.policies(chain)(note);
    if (!policy) throw new RoomRefusal('no_chain');
    return { chain, group, policy, note };
  }

  private policies(chain: RoomChain) {
    const { people } = this.access;
    return policiesOf(
      chain,
      (userId, identity) => people.deviceListOf(userId, identity),
      (userId, version) => people.isMember(userId, version),
    );
  }
}

function newestGroupIdOf({ groupIds }: RoomChain): Bytes {
  const groupId = groupIds.at(-1);
  if (!groupId) throw new RoomRefusal('no_chain');
  return groupId;
}

function isSameItem(a: SignedChainItem, b: SignedChainItem): boolean {
  return equalBytes(a.item, b.item) && equalBytes(a.signature, b.signature);
}

async function epochRecordOf(group: Group): Promise<EpochRecord> {
  const { groupId, epoch, roster } = group;
  return { groupId, epoch, roster, secret: await group.exportEpochSecret() };
}
