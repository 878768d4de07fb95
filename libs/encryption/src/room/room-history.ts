import { type Bytes, equalBytes } from '../bytes/bytes';
import { type SignedChainItem } from '../chain/chain-item';
import { policiesOf } from '../chain/chain-policy';
import { type ChainRefusal, extendChain } from '../chain/chain-rules';
import { type ChainFloor, type FloorRefusal, refuseFloor, type RoomChain } from '../chain/room-chain';
import { type LeafIdentity } from '../group/credential';
import { type Group, type GroupRefusal, type Groups, type PolicyForNote } from '../group/group';
import { type Device } from '../identity/device';
import { type KeyPackages } from './key-packages';
import {
  type EpochRecord,
  type PendingRecord,
  type RoomDelivery,
  type RoomPeople,
  type RoomRecord,
  type RoomStore,
} from './ports';
import { type UseLimits } from './use-limits';

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
  readonly keyPackages: KeyPackages;
  readonly limits: UseLimits;
  leafIdentity(): LeafIdentity;
  now(): number;
  /** Waits for so many milliseconds. */
  pause(milliseconds: number): Promise<void>;
}

/**
 * Why a device cannot go on in a room. `undecided`: the server does not say yet which commit it took. `below_floor`: it
 * gives an older group than somebody whom one believes has seen. `commit_missing`: it gives later commits without one
 * before. `no_progress`: it takes no commit, and gives none either. `too_often`: this device has committed so often that
 * it has to wait.
 */
export type RoomRefusalReason =
  | GroupRefusal
  | ChainRefusal
  | FloorRefusal
  | 'not_in_group'
  | 'no_group_info'
  | 'no_chain'
  | 'undecided'
  | 'commit_missing'
  | 'no_progress'
  | 'too_often'
  | 'below_floor';

/** What the server gave is refused, or not enough to go on with. What was stored before stays as it was. */
export class RoomRefusal extends Error {
  constructor(readonly reason: RoomRefusalReason) {
    super(`The room cannot go on here: ${reason}.`);
  }
}

/** What the server has of the group does not fit, and waiting mends nothing: see {@link RoomRecovery}. */
export class BrokenGroupRefusal extends RoomRefusal {}

/** @returns how it ends that something of the group’s was refused: what only comes too early may fit later */
export function refusalOfGroup(reason: GroupRefusal): RoomRefusal {
  const isEarly = reason === 'chain_behind' || reason === 'list_behind';
  return isEarly ? new RoomRefusal(reason) : new BrokenGroupRefusal(reason);
}

/** A room after everything of the server’s was read. */
export interface FollowedRoom {
  readonly chain: RoomChain;
  readonly group: Group | null;
  readonly next: RoomRecord;
  readonly hasNews: boolean;
  readonly epochs: readonly EpochRecord[];
  readonly erasers: readonly (() => void)[];
  /** Why it does not go on from here; what came before counts. */
  readonly refusal: RoomRefusal | null;
}

/** What a device has of a group while it reads the server’s commits. */
interface GroupState {
  readonly group: Group | null;
  readonly pending: PendingRecord | null;
  readonly epochBegan: number;
}

interface ReadCommits extends GroupState {
  readonly epochs: readonly EpochRecord[];
  readonly erasers: readonly (() => void)[];
  readonly refusal: RoomRefusal | null;
}

/** Reads what the server has of a room, on top of what the store has, and writes nothing. */
export class RoomHistory {
  /** The chain as it was verified last, up to the item beside it; made again if the store has another one. */
  private verified: RoomChain | null = null;
  private lastVerified: SignedChainItem | undefined;

  constructor(private readonly access: RoomAccess) {}

  /** @returns the room with everything that the server has; a pending commit is sent again first */
  async followRoom(record: RoomRecord): Promise<FollowedRoom> {
    return this.followCommits(record, await this.followChain(record));
  }

  private async followChain(record: RoomRecord): Promise<[RoomChain, readonly SignedChainItem[]]> {
    const [chain, items] = await this.fetchChain(record);
    if (!chain) throw new RoomRefusal('no_chain');
    const refused = this.access.floor && refuseFloor(chain, this.access.floor);
    if (refused) throw new RoomRefusal(refused);
    return [chain, items];
  }

  /** @returns the chain of the store with what the server has after it, verified, and all its items */
  async fetchChain(record: RoomRecord): Promise<[RoomChain | null, readonly SignedChainItem[]]> {
    const items = [...record.chain, ...(await this.access.delivery.fetchChain(record.chain.length))];
    const last = this.verified && items[this.verified.hashes.length - 1];
    const verified = last && this.lastVerified && isSameItem(last, this.lastVerified) ? this.verified : null;
    let chain: RoomChain | null = verified;
    for (const signed of items.slice(verified?.hashes.length ?? 0)) chain = await this.extendChain(chain, signed);
    this.verified = chain;
    this.lastVerified = items.at(-1);
    return [chain, items];
  }

  /** @returns the chain with the item; refused if it does not fit */
  async extendChain(chain: RoomChain | null, signed: SignedChainItem): Promise<RoomChain> {
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
  ): Promise<FollowedRoom> {
    const { delivery, groups } = this.access;
    const groupId = newestGroupIdOf(chain);
    const stored = record.group && groups.decode(record.group);
    const isNewest = (one: { readonly groupId: Bytes } | null): boolean =>
      one !== null && equalBytes(one.groupId, groupId);
    const before = { group: stored, pending: record.pending, epochBegan: record.epochBegan };
    const past = stored ?? record.pending;
    // A group that was set up anew: others may have written in epochs that this device has not seen yet.
    const pastEpochs = past && !isNewest(past) ? (await this.readCommits(chain, past.groupId, before)).epochs : [];
    const state: GroupState = {
      ...before,
      group: isNewest(stored) ? stored : null,
      // One for a group of before would be taken as one of the new group, which nobody could go on with.
      pending: isNewest(record.pending) ? record.pending : null,
    };
    // Again, if it was sent before: the server takes it once, and what it took, its commits say.
    if (state.pending) await delivery.sendCommit(groupId, state.pending.epoch, state.pending.sent);
    const read = await this.readCommits(chain, groupId, state);
    const { group, pending, epochBegan, erasers } = read;
    const next = { ...record, chain: items, group: group?.encode() ?? null, epochBegan, pending };
    const hasNews =
      items.length > record.chain.length ||
      read.epochs.length > 0 ||
      pending !== record.pending ||
      (group === null) !== (record.group === null);
    const epochs = [...pastEpochs, ...read.epochs];
    const refusal = read.refusal ?? (pending ? new RoomRefusal('undecided') : null);
    return { chain, group, next, hasNews, epochs, erasers, refusal };
  }

  /** @returns the state after the server’s commits, up to the one that is refused, if there is one */
  private async readCommits(chain: RoomChain, groupId: Bytes, state: GroupState): Promise<ReadCommits> {
    const { delivery, groups } = this.access;
    let { group, pending, epochBegan } = state;
    let isMissing = false;
    let chainLength: number | null = null;
    const epochs: EpochRecord[] = [];
    const erasers: (() => void)[] = [];
    const from = group?.epoch ?? pending?.epoch;
    for (const commit of from === undefined ? [] : await delivery.fetchCommits(groupId, from)) {
      if (pending && equalBytes(pending.sent.commit, commit)) {
        group = groups.decode(pending.group);
        [epochBegan, chainLength] = [pending.time, pending.chainLength];
      } else if (group) {
        const processed = await group.processCommit(commit, this.policiesBy(chain));
        if ('refused' in processed) {
          isMissing ||= processed.refused === 'later_epoch';
          if (processed.refused === 'past_epoch' || processed.refused === 'later_epoch') continue;
          return { group, pending, epochBegan, epochs, erasers, refusal: refusalOfGroup(processed.refused) };
        }
        group = processed.group;
        epochBegan = Math.min(processed.note.time, this.access.now());
        ({ chainLength } = processed.note);
        erasers.push(() => processed.eraseEpochBefore());
      }
      [pending, isMissing] = [null, false];
      if (!group) break;
      epochs.push(await epochRecordOf(group, chainLength));
    }
    const refusal = isMissing ? new BrokenGroupRefusal('commit_missing') : null;
    return { group, pending, epochBegan, epochs, erasers, refusal };
  }

  /** @returns the policies by that chain, for commits of any time */
  policiesBy(chain: RoomChain): PolicyForNote {
    const { people } = this.access;
    return policiesOf(
      chain,
      (userId, identity) => people.deviceListOf(userId, identity),
      (userId, version) => people.isMember(userId, version),
    );
  }
}

/** @returns the id of the room’s group; the last one if it was set up anew */
export function newestGroupIdOf({ groupIds }: RoomChain): Bytes {
  const groupId = groupIds.at(-1);
  if (!groupId) throw new RoomRefusal('no_chain');
  return groupId;
}

function isSameItem(a: SignedChainItem, b: SignedChainItem): boolean {
  return equalBytes(a.item, b.item) && equalBytes(a.signature, b.signature);
}

/** @returns what is kept of the group’s epoch, which began when the chain was so long */
export async function epochRecordOf(group: Group, chainLength: number | null): Promise<EpochRecord> {
  const { groupId, epoch, roster } = group;
  return { groupId, epoch, roster, chainLength, secret: await group.exportEpochSecret() };
}
