import { type Bytes, equalBytes } from '../bytes/bytes';
import { type SignedChainItem } from '../chain/chain-item';
import { policiesOf } from '../chain/chain-policy';
import { type ChainRefusal, extendChain } from '../chain/chain-rules';
import { type ChainFloor, type FloorRefusal, refuseFloor, type RoomChain } from '../chain/room-chain';
import { type LeafIdentity } from '../group/credential';
import { type Group, type GroupRefusal, type Groups, type PolicyForNote } from '../group/group';
import { type Device } from '../identity/device';
import { type CertifiedDevice } from '../identity/device-certificate';
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
  /** The same device as it signs items of the chain. */
  readonly certified: CertifiedDevice;
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

/** The chain of a room, and of which items it consists. */
export interface FetchedChain {
  /** Null if nobody has founded the room. */
  readonly chain: RoomChain | null;
  /** All up to the last one that was taken: what is stored. Those that were refused after it are read again each time. */
  readonly items: readonly SignedChainItem[];
  /** How many items the server has. */
  readonly length: number;
}

/** A chain as it was verified, by the last item that was taken and its place at the server. */
interface VerifiedChain {
  readonly chain: RoomChain;
  readonly length: number;
  readonly last: SignedChainItem;
}

/** Reads what the server has of a room, on top of what the store has, and writes nothing. */
export class RoomHistory {
  /** Made again if the store has another one. */
  private verified: VerifiedChain | null = null;

  constructor(private readonly access: RoomAccess) {}

  /** @returns the room with everything that the server has; a pending commit is sent again first */
  async followRoom(record: RoomRecord): Promise<FollowedRoom> {
    return this.followCommits(record, await this.followChain(record));
  }

  private async followChain(record: RoomRecord): Promise<[RoomChain, readonly SignedChainItem[]]> {
    const { chain, items } = await this.fetchChain(record);
    if (!chain) throw new RoomRefusal('no_chain');
    const refused = this.access.floor && refuseFloor(chain, this.access.floor);
    if (refused) throw new RoomRefusal(refused);
    return [chain, items];
  }

  /**
   * @returns the chain of the store with what the server has after it. Items that are refused are passed over: all
   *   devices refuse the same ones, and the next one that is taken names the last one that was
   */
  async fetchChain(record: RoomRecord): Promise<FetchedChain> {
    const fetched = [...record.chain, ...(await this.access.delivery.fetchChain(record.chain.length))];
    const before = this.verified;
    let verified = before && isSameItem(fetched[before.length - 1], before.last) ? before : null;
    const from = verified?.length ?? 0;
    for (const [i, signed] of fetched.slice(from).entries()) {
      const outcome = await extendChain(this.access.roomId, verified?.chain ?? null, signed);
      if (!('refused' in outcome)) verified = { chain: outcome.chain, length: from + i + 1, last: signed };
    }
    this.verified = verified;
    return { chain: verified?.chain ?? null, items: fetched.slice(0, verified?.length ?? 0), length: fetched.length };
  }

  private async followCommits(
    record: RoomRecord,
    [chain, items]: [RoomChain, readonly SignedChainItem[]],
  ): Promise<FollowedRoom> {
    const { groups } = this.access;
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
    const unsent = state.pending && (await this.sendCommit(state.pending));
    const read = await this.readCommits(chain, groupId, state);
    const { group, pending, epochBegan, erasers } = read;
    const next = { ...record, chain: items, group: group?.encode() ?? null, epochBegan, pending };
    const hasNews =
      items.length > record.chain.length ||
      read.epochs.length > 0 ||
      pending !== record.pending ||
      (group === null) !== (record.group === null);
    const epochs = [...pastEpochs, ...read.epochs];
    const refusal = read.refusal ?? (pending && (unsent ?? new RoomRefusal('undecided')));
    return { chain, group, next, hasNews, epochs, erasers, refusal };
  }

  /** @returns why the server takes no commits of that group, if it takes none */
  private async sendCommit({ groupId, epoch, sent }: PendingRecord): Promise<BrokenGroupRefusal | null> {
    try {
      await this.access.delivery.sendCommit(groupId, epoch, sent);
      return null;
    } catch (error) {
      if (error instanceof BrokenGroupRefusal) return error;
      throw error;
    }
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

function isSameItem(a: SignedChainItem | undefined, b: SignedChainItem): boolean {
  return a !== undefined && equalBytes(a.item, b.item) && equalBytes(a.signature, b.signature);
}

/** @returns what is kept of the group’s epoch, which began when the chain was so long */
export async function epochRecordOf(group: Group, chainLength: number | null): Promise<EpochRecord> {
  const { groupId, epoch, roster } = group;
  return { groupId, epoch, roster, chainLength, secret: await group.exportEpochSecret() };
}
