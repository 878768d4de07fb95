import { type Bytes } from '../bytes/bytes';
import { CHAIN_HASH_LENGTH, type ChainBody, type ChainItem, signChainItem } from '../chain/chain-item';
import { extendChain } from '../chain/chain-rules';
import { createGroupId } from '../chain/group-id';
import { isBelowFloor, type RoomChain } from '../chain/room-chain';
import { type CommitNote } from '../group/commit-note';
import { type Group, type GroupChange, type JoinedGroup } from '../group/group';
import { type GroupPolicy, staleLeaves } from '../group/group-policy';
import { CommitTurn } from './commit-turn';
import { isEpochOver } from './epoch-age';
import { findSplits, mergeSplits } from './epoch-split';
import { fetchMissingKeyPackages } from './newcomers';
import { pendingRecordOf } from './pending-commit';
import {
  type DeviceName,
  type EpochRecord,
  type EpochSplit,
  type PendingRecord,
  type RoomRecord,
  type RoomStatus,
} from './ports';
import {
  BrokenGroupRefusal,
  epochRecordOf,
  type FollowedRoom,
  newestGroupIdOf,
  refusalOfGroup,
  type RoomAccess,
  RoomHistory,
  RoomRefusal,
} from './room-history';
import { takeWelcome } from './welcome';

/** A device whose group does not fit comes back at most once in this time. */
const RESYNC_MS = 3_600_000;

/** Another device may add this one while it comes in by itself; a server that repeats old welcomes keeps nobody out. */
const MOST_WELCOMES = 3;

/** A room as a device has it after it has read all that the server gave it. */
export interface RoomView {
  readonly chain: RoomChain;
  /** Null if the device is not in the group. */
  readonly group: Group | null;
  /** When the group’s epoch began. */
  readonly epochBegan: number;
  /** The epochs of which this device has two secrets: the room was split, and that is shown. */
  readonly splits: readonly EpochSplit[];
  readonly status: RoomStatus;
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
  private readonly own: DeviceName;

  constructor(private readonly access: RoomAccess) {
    this.history = new RoomHistory(access);
    const { userId, deviceId } = access.device;
    this.own = { userId, deviceId };
  }

  /** @returns the room with everything that the server has of chain and commits */
  async catchUp(): Promise<RoomView> {
    for (;;) {
      const record = await this.access.store.readRoom();
      const followed = await this.history.followRoom(record);
      const written = followed.hasNews ? await this.writeRoom(followed.next, followed.epochs) : record;
      if (!written) continue;
      for (const erase of followed.erasers) erase();
      if (followed.refusal) throw followed.refusal;
      return this.viewOf(followed, written);
    }
  }

  /** @returns the room’s chain with everything that the server has of it, also where its group is broken */
  async readChain(): Promise<RoomChain> {
    const { chain } = await this.history.fetchChain(await this.access.store.readRoom());
    if (!chain) throw new RoomRefusal('no_chain');
    return chain;
  }

  /**
   * Appends an item to the room’s chain; others may do so at the same time.
   * @param bodyFor what to append to the chain as it is by then; null if nothing is left to say
   */
  async appendToChain(bodyFor: (chain: RoomChain | null) => ChainBody | null): Promise<void> {
    for (;;) {
      const record = await this.access.store.readRoom();
      const { chain, length } = await this.history.fetchChain(record);
      const body = bodyFor(chain);
      if (!body) return;
      const item: ChainItem = {
        roomId: this.access.roomId,
        index: chain?.hashes.length ?? 0,
        previous: chain?.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH),
        time: this.access.now(),
        author: this.access.certified,
        body,
      };
      const signed = await signChainItem(item, this.access.device);
      const outcome = await extendChain(item.roomId, chain, signed);
      if ('refused' in outcome) throw new RoomRefusal(outcome.refused);
      const groupId = 'groupId' in body ? body.groupId : null;
      if (await this.access.delivery.sendChainItem(length, signed, groupId)) return;
    }
  }

  /** Makes the group whose id this device has put into the chain, with all who belong in it, and lets others join it. */
  async createGroup(): Promise<MemberView> {
    const { chain, group, note } = await this.catchUp();
    if (!group) {
      const created = await this.access.groups.create(newestGroupIdOf(chain), this.access.leafIdentity());
      const record = await this.access.store.readRoom();
      if (!record.group) {
        const next = { ...record, group: created.encode(), epochBegan: this.access.now() };
        await this.writeRoom(next, [await epochRecordOf(created, note.chainLength)]);
      }
    }
    // The first commit leaves a group info.
    return this.changeGroup(async (view) => (view.group.epoch === 0 ? { add: await this.missingIn(view) } : null));
  }

  /**
   * Changes the group, by commits of this device. Whatever is stale goes out with it.
   * @param changeFor what else to change in the group as it is by then; null if nothing is left to do
   */
  async changeGroup(
    changeFor: (view: MemberView) => GroupChange | null | Promise<GroupChange | null>,
  ): Promise<MemberView> {
    const turn = new CommitTurn(this.access, this.own);
    for (;;) {
      const { group, ...view } = await this.catchUp();
      if (!group) throw new RoomRefusal('not_in_group');
      const stale = staleLeaves(group.roster, view.policy).map(({ index }) => index);
      if (stale.includes(group.own.index)) throw new RoomRefusal('not_in_group');
      const change = await changeFor({ ...view, group });
      if (!change && stale.length === 0) return { ...view, group };
      if (!(await turn.begin(group.groupId, group.epoch))) continue;
      const remove = [...new Set([...stale, ...(change?.remove ?? [])])];
      const prepared = await group.prepareCommit({ add: change?.add ?? [], remove }, view.note, view.policy);
      if (await this.storePending(await pendingRecordOf(group, prepared, view.note))) turn.end(group.epoch);
    }
  }

  /**
   * @returns the group in which something may be sealed now: nobody is in it any more who has no business there, and its
   *   epoch is neither too old nor too full
   */
  async prepareToSeal(): Promise<MemberView> {
    // Once: what the server says of it may stay the same.
    let over: number | undefined;
    return this.changeGroup(({ group: { epoch }, epochBegan, status }) =>
      isEpochOver(epochBegan, this.access.now(), status) && (over ??= epoch) === epoch ? {} : null,
    );
  }

  /** Lets in all devices that belong in the group, as far as the server has key packages of theirs. */
  async addMissingDevices(): Promise<MemberView> {
    return this.changeGroup(async (view) => {
      const add = await this.missingIn(view);
      return add.length > 0 ? { add } : null;
    });
  }

  /** Comes into the group: by a welcome if another device gives one soon, or else by an own commit. */
  async joinGroup(): Promise<MemberView> {
    return this.enterGroup(true);
  }

  /**
   * Leaves the stored group behind and comes back by an own commit, at most once an hour: the way out for a device whose
   * group the server’s commits do not fit any more. What was sealed in epochs that it misses has to be asked for.
   */
  async rejoinGroup(): Promise<void> {
    const record = await this.access.store.readRoom();
    const now = this.access.now();
    // Nobody else is in a group that has no commit yet: made once more, it would look like another history.
    if (record.group && this.access.groups.decode(record.group)?.epoch === 0) return;
    if (!record.group || (record.resynced !== null && Math.abs(now - record.resynced) < RESYNC_MS)) return;
    const dropped = await this.writeRoom({ ...record, group: null, pending: null, resynced: now }, []);
    if (dropped) await this.enterGroup(false);
  }

  /** Sets up the group of the next generation, with all who belong in it; nobody can go on with the one of this. */
  async regroup(generation: number): Promise<MemberView> {
    const { roomId } = this.access;
    await this.appendToChain((chain) =>
      chain?.groupIds.length === generation + 1
        ? { kind: 'regrouped', generation: generation + 1, groupId: createGroupId(roomId, generation + 1) }
        : null,
    );
    return this.joinGroup();
  }

  /** Keeps secrets of epochs that came from elsewhere: the vault, or a device that was asked for them. */
  async keepEpochs(epochs: readonly EpochRecord[]): Promise<void> {
    while (!(await this.writeRoom(await this.access.store.readRoom(), epochs))) continue;
  }

  private async enterGroup(mayBeWelcomed: boolean): Promise<MemberView> {
    const { delivery, groups } = this.access;
    const turn = new CommitTurn(this.access, this.own);
    let welcomesLeft = mayBeWelcomed ? MOST_WELCOMES : 0;
    for (;;) {
      const { group, ...view } = await this.catchUp();
      if (group) return group.epoch > 0 ? { ...view, group } : this.createGroup();
      const leaf = this.access.leafIdentity();
      const own = { ...leaf, index: 0, signingKey: this.access.device.signing.publicKey };
      if (staleLeaves([own], view.policy).length > 0) throw new RoomRefusal('not_admitted');
      const groupId = newestGroupIdOf(view.chain);
      const info = await delivery.fetchGroupInfo(groupId);
      if (!info && this.hasSetUpGroup(view.chain)) return this.createGroup();
      if (!info) throw new BrokenGroupRefusal('no_group_info');
      const policyFor = this.history.policiesBy(view.chain);
      if (welcomesLeft > 0) {
        const asks = welcomesLeft-- === MOST_WELCOMES;
        const store = (joined: JoinedGroup): Promise<void> => this.storeJoined(view.chain, joined);
        if (await takeWelcome(this.access, { own: this.own, groupId, policyFor, asks, store })) continue;
      }
      const joined = await groups.joinByCommit(groupId, info, leaf, view.note, policyFor);
      if ('refused' in joined) throw refusalOfGroup(joined.refused);
      const epoch = joined.group.epoch - 1;
      this.refuseBelowFloor(view.chain, epoch);
      if (!(await turn.begin(groupId, epoch))) continue;
      if (await this.storePending(await pendingRecordOf(null, joined, view.note))) turn.end(epoch);
    }
  }

  private missingIn({ chain, policy, group: { roster } }: MemberView): Promise<Bytes[]> {
    return fetchMissingKeyPackages(this.access, chain, policy, roster);
  }

  private hasSetUpGroup({ newestGroup: { userId, deviceId } }: RoomChain): boolean {
    return userId === this.own.userId && deviceId === this.own.deviceId;
  }

  private async storeJoined(chain: RoomChain, { group, note }: JoinedGroup): Promise<void> {
    this.refuseBelowFloor(chain, group.epoch);
    const record = await this.access.store.readRoom();
    if (record.group || record.pending) return;
    const epochBegan = Math.min(note.time, this.access.now());
    await this.writeRoom({ ...record, group: group.encode(), epochBegan }, [
      await epochRecordOf(group, note.chainLength),
    ]);
  }

  /**
   * Stores a commit; {@link catchUp} sends it, as often as needed, and finds out what became of it.
   * @returns whether it was stored; false if another tab has changed something meanwhile
   */
  private async storePending(pending: PendingRecord): Promise<boolean> {
    const record = await this.access.store.readRoom();
    const current = record.group && this.access.groups.decode(record.group);
    // A pending commit may have been taken: only what the server has says whether it may be forgotten.
    if (record.pending || (current && current.epoch !== pending.epoch)) return false;
    return (await this.writeRoom({ ...record, pending }, [])) !== null;
  }

  private refuseBelowFloor({ groupIds }: RoomChain, epoch: number): void {
    const { floor } = this.access;
    if (floor && isBelowFloor(floor, { generation: groupIds.length - 1, epoch })) throw new RoomRefusal('below_floor');
  }

  /** @returns what was written; null if somebody has written in between */
  private async writeRoom(room: RoomRecord, epochs: readonly EpochRecord[]): Promise<RoomRecord | null> {
    const { store } = this.access;
    const record = { ...room, splits: mergeSplits(room.splits, await findSplits(store, epochs)) };
    return (await store.writeRoom(record, epochs)) ? record : null;
  }

  private async viewOf({ chain, group }: FollowedRoom, { epochBegan, splits }: RoomRecord): Promise<RoomView> {
    const chainHead = chain.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH);
    const status = await this.access.delivery.fetchStatus();
    const note = {
      chainLength: chain.hashes.length,
      chainHead,
      memberVersion: status.memberVersion,
      time: this.access.now(),
    };
    const policy = this.history.policiesBy(chain)(note);
    if (!policy) throw new RoomRefusal('no_chain');
    return { chain, group, epochBegan, splits, status, policy, note };
  }
}
