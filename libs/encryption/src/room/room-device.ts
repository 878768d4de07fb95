import { type Bytes } from '../bytes/bytes';
import { CHAIN_HASH_LENGTH, type ChainBody, type ChainItem, signChainItem } from '../chain/chain-item';
import { isBelowFloor, type RoomChain } from '../chain/room-chain';
import { type CommitNote } from '../group/commit-note';
import { type Group, type GroupChange } from '../group/group';
import { type GroupPolicy, staleLeaves } from '../group/group-policy';
import {
  epochRecordOf,
  type FollowedRoom,
  newestGroupIdOf,
  type RoomAccess,
  RoomHistory,
  RoomRefusal,
} from './room-history';

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
 * The room of one device. Each step reads the store, and what it writes counts only if nobody has written in between, so
 * there is no owner among tabs. Every state is stored before its effect is sent, so a step that ends anywhere is taken up
 * by the next one.
 */
export class RoomDevice {
  private readonly history: RoomHistory;

  constructor(private readonly access: RoomAccess) {
    this.history = new RoomHistory(access);
  }

  /** @returns the room with everything that the server has of chain and commits */
  async catchUp(): Promise<RoomView> {
    for (;;) {
      const record = await this.access.store.readRoom();
      const followed = await this.history.followRoom(record);
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
      const [chain, items] = await this.history.fetchChain(record);
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
      await this.history.extendChain(chain, signed);
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
      const joined = await groups.joinByCommit(groupId, info, leaf, view.note, this.history.policiesBy(view.chain));
      if ('refused' in joined) throw new RoomRefusal(joined.refused);
      // Others would take it, or not, and take it out again: who is out does not try.
      if (staleLeaves([joined.group.own], view.policy).length > 0) throw new RoomRefusal('not_admitted');
      this.refuseBelowFloor(view.chain, joined.group.epoch - 1);
      await this.storePending(joined.group.epoch - 1, joined, view.note);
    }
  }

  /** Comes into the group by a welcome for one of this device’s key packages. */
  async joinByWelcome(welcome: Bytes, keyPackageSecret: Bytes): Promise<MemberView> {
    const { groups, store } = this.access;
    const { group, chain } = await this.catchUp();
    if (!group) {
      const policies = this.history.policiesBy(chain);
      const joined = await groups.joinByWelcome(newestGroupIdOf(chain), welcome, keyPackageSecret, policies);
      if ('refused' in joined) throw new RoomRefusal(joined.refused);
      this.refuseBelowFloor(chain, joined.group.epoch);
      const record = await store.readRoom();
      if (!record.group && !record.pending)
        await store.writeRoom({ ...record, group: joined.group.encode() }, [await epochRecordOf(joined.group)]);
    }
    return this.joinGroup();
  }

  /**
   * Leaves the stored group behind and comes back by an own commit: the way out for a device whose group the server’s
   * commits do not fit any more. What was sealed in epochs that it misses has to be asked for.
   */
  async rejoinGroup(): Promise<MemberView> {
    const record = await this.access.store.readRoom();
    await this.access.store.writeRoom({ ...record, group: null, pending: null }, []);
    return this.joinGroup();
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
    await this.access.store.writeRoom(
      { ...record, pending: { groupId: group.groupId, epoch, sent, group: group.encode() } },
      [],
    );
  }

  private refuseBelowFloor({ groupIds }: RoomChain, epoch: number): void {
    const { floor } = this.access;
    if (floor && isBelowFloor(floor, { generation: groupIds.length - 1, epoch })) throw new RoomRefusal('below_floor');
  }

  private async viewOf({ chain, group }: FollowedRoom): Promise<RoomView> {
    const chainHead = chain.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH);
    const memberVersion = await this.access.delivery.fetchMemberVersion();
    const note = { chainLength: chain.hashes.length, chainHead, memberVersion };
    const policy = this.history.policiesBy(chain)(note);
    if (!policy) throw new RoomRefusal('no_chain');
    return { chain, group, policy, note };
  }
}
