import {
  type CiphersuiteImpl,
  type ClientState,
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  emptyPskIndex,
  encodeGroupState,
  encodeMlsMessage,
  mlsExporter,
  type MLSMessage,
  processPublicMessage,
  type Proposal,
  zeroOutUint8Array,
} from 'ts-mls';
import { type Bytes } from '../../bytes/bytes';
import { encodeFields } from '../../bytes/encoding';
import { type SigningKey } from '../../bytes/signing';
import { type CommitNote, encodeCommitNote } from '../commit-note';
import { type Leaf } from '../credential';
import {
  type Group,
  type GroupChange,
  type PendingCommit,
  type PolicyForNote,
  type ProcessedCommit,
  type Refused,
} from '../group';
import { type GroupPolicy, refuseChange } from '../group-policy';
import { checkCommit, type CheckedCommit } from './commit-check';
import { leafOf, LIBRARY, suiteOf } from './suite';
import { leavesOf } from './tree-check';
import { NOTE_EXTENSION, readCommit, readKeyPackage } from './wire';

/** The format in which states are stored. */
export const STATE_FORMAT = 1;

const EPOCH_SECRET_LENGTH = 32;

/** A group by ts-mls. */
export class MlsGroup implements Group {
  readonly groupId: Bytes;
  readonly epoch: number;
  readonly roster: readonly Leaf[];
  readonly own: Leaf;

  constructor(
    private readonly state: ClientState,
    private readonly signing: SigningKey,
  ) {
    this.groupId = new Uint8Array(state.groupContext.groupId);
    this.epoch = Number(state.groupContext.epoch);
    this.roster = rosterOf(state);
    const own = this.roster.find(({ index }) => index === state.privatePath.leafIndex);
    if (!own) throw new Error('The own leaf is not in the group.');
    this.own = own;
  }

  async exportEpochSecret(): Promise<Bytes> {
    const { exporterSecret } = this.state.keySchedule;
    const suite = await this.suiteOf(null);
    const secret = await mlsExporter(exporterSecret, 'webcall epoch 1', this.groupId, EPOCH_SECRET_LENGTH, suite);
    return new Uint8Array(secret);
  }

  async prepareCommit(
    { add = [], remove = [] }: GroupChange,
    note: CommitNote,
    policy: GroupPolicy,
  ): Promise<PendingCommit> {
    const extraProposals: Proposal[] = [
      ...remove.map((removed): Proposal => ({ proposalType: 'remove', remove: { removed } })),
      ...add.map((bytes): Proposal => {
        const read = readKeyPackage(bytes, this.state.groupContext.cipherSuite);
        if ('refused' in read) throw new Error(`A key package is ${read.refused}.`);
        return { proposalType: 'add', add: { keyPackage: read.keyPackage } };
      }),
    ];
    const noteBytes = encodeCommitNote(note);
    const { newState, commit, welcome, consumed } = await createCommit(
      { state: this.state, cipherSuite: await this.suiteOf(this.signing) },
      {
        extraProposals,
        wireAsPublicMessage: true,
        ratchetTreeExtension: true,
        authenticatedData: noteBytes,
        groupInfoExtensions: [{ extensionType: NOTE_EXTENSION, extensionData: noteBytes }],
      },
    );
    const group = new MlsGroup(withoutRatchets(newState), this.signing);
    const refused = refuseChange({ committer: this.own, before: this.roster, after: group.roster }, policy);
    if (refused) throw new Error(`Nobody else would take this commit: ${refused}.`);
    return {
      commit: encoded(commit),
      welcome: welcome ? encoded({ version: 'mls10', wireformat: 'mls_welcome', welcome }) : null,
      group,
      eraseEpochBefore: () => consumed.forEach(zeroOutUint8Array),
    };
  }

  async processCommit(commit: Bytes, policyFor: PolicyForNote): Promise<ProcessedCommit | Refused> {
    const read = readCommit(commit);
    if ('refused' in read) return read;
    const { groupContext, ratchetTree: tree } = this.state;
    const checked = checkCommit(read.message, { groupId: this.groupId, epoch: groupContext.epoch, tree });
    if ('refused' in checked) return checked;
    const policy = policyFor(checked.note);
    if (!policy) return { refused: 'chain_behind' };
    const suite = await this.suiteOf(null);
    const processed = await processPublicMessage(this.state, read.message, emptyPskIndex, suite).catch(() => null);
    if (!processed) return { refused: 'unprocessable' };
    const roster = rosterOf(processed.newState);
    const committer = findCommitter(checked, roster);
    if (!committer) return { refused: 'wrong_leaf' };
    const refused = refuseChange({ committer, before: this.roster, after: roster }, policy);
    if (refused) return { refused };
    const isOut = processed.newState.groupActiveState.kind !== 'active';
    return {
      group: isOut ? null : new MlsGroup(withoutRatchets(processed.newState), this.signing),
      note: checked.note,
      committer,
      eraseEpochBefore: () => processed.consumed.forEach(zeroOutUint8Array),
    };
  }

  async exportGroupInfo(note: CommitNote): Promise<Bytes> {
    const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(
      this.state,
      [{ extensionType: NOTE_EXTENSION, extensionData: encodeCommitNote(note) }],
      await this.suiteOf(this.signing),
    );
    return encoded({ version: 'mls10', wireformat: 'mls_group_info', groupInfo });
  }

  encode(): Bytes {
    return encodeFields('groupState', [STATE_FORMAT, LIBRARY, encodeGroupState(this.state)]);
  }

  private suiteOf(signing: SigningKey | null): Promise<CiphersuiteImpl> {
    return suiteOf(signing, this.state.groupContext.cipherSuite);
  }
}

/** @returns the message as it goes over the wire */
export function encoded(message: MLSMessage): Bytes {
  return new Uint8Array(encodeMlsMessage(message));
}

function rosterOf({ ratchetTree }: ClientState): Leaf[] {
  return leavesOf(ratchetTree).map(([index, node]) => {
    const leaf = leafOf(node, index);
    if (!leaf) throw new Error('A leaf is not of our form.');
    return leaf;
  });
}

/** A member commits at its leaf; a joiner gets one, and its keys say which. */
function findCommitter({ committer, isJoiner }: CheckedCommit, roster: readonly Leaf[]): Leaf | undefined {
  return roster.find(({ index, userId, deviceId }) =>
    isJoiner ? userId === committer.userId && deviceId === committer.deviceId : index === committer.index,
  );
}

/** Nothing of ours is sealed with the ratchets of MLS: they would only make the state four times as large. */
function withoutRatchets(state: ClientState): ClientState {
  return { ...state, secretTree: [], historicalReceiverData: new Map() };
}
