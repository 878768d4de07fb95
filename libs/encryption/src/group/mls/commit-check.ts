import { type Commit, type FramedContent, type PublicMessage, type RatchetTree } from 'ts-mls';
import { equalBytes } from '../../bytes/bytes';
import { type CommitNote, decodeCommitNote } from '../commit-note';
import { type Leaf } from '../credential';
import { type GroupRefusal } from '../group';
import { identityOfCredential, leafOf } from './suite';
import { findLeaf } from './tree-check';

/** The group that a commit is for. */
interface CommitTarget {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly tree: RatchetTree;
}

/** What a commit that may be given to the library says that it does. */
export interface CheckedCommit {
  readonly note: CommitNote;
  /** The committer; of a joiner the leaf of its path, whose index is not known before. */
  readonly committer: Leaf;
  readonly isJoiner: boolean;
  readonly removed: readonly number[];
}

type Check<T> = T | { readonly refused: GroupRefusal };

/**
 * @returns what the commit does, or why the library must not see it: some commits kill its process, and others it takes
 *   though the RFC, or the rules of our groups, refuse them
 */
export function checkCommit(message: PublicMessage, { groupId, epoch, tree }: CommitTarget): Check<CheckedCommit> {
  const { content } = message;
  if (!equalBytes(content.groupId, groupId)) return { refused: 'other_group' };
  if (content.epoch !== epoch) return { refused: content.epoch < epoch ? 'past_epoch' : 'later_epoch' };
  if (content.contentType !== 'commit' || message.senderType !== content.sender.senderType)
    return { refused: 'malformed' };
  const note = decodeCommitNote(content.authenticatedData);
  if (!note) return { refused: 'malformed' };
  const checked = checkSender(content, content.commit, tree);
  return 'refused' in checked ? checked : { note, ...checked };
}

type Sender = Omit<CheckedCommit, 'note'>;

function checkSender({ sender }: FramedContent, commit: Commit, tree: RatchetTree): Check<Sender> {
  switch (sender.senderType) {
    case 'member':
      return checkMemberCommit(sender.leafIndex, commit, tree);
    case 'new_member_commit':
      return checkJoinerCommit(commit, tree);
    case 'external':
    case 'new_member_proposal':
      return { refused: 'wrong_sender' };
  }
}

/** A member’s commit has inline additions and removals, and a path unless it only adds. */
function checkMemberCommit(index: number, { proposals, path }: Commit, tree: RatchetTree): Check<Sender> {
  const node = findLeaf(tree, index);
  const committer = node && leafOf(node, index);
  if (!committer) return { refused: 'wrong_sender' };
  const removed: number[] = [];
  for (const one of proposals) {
    if (one.proposalOrRefType !== 'proposal') return { refused: 'forbidden_proposal' };
    const { proposal } = one;
    if (proposal.proposalType === 'add') {
      const { extensions, leafNode } = proposal.add.keyPackage;
      if (extensions.length > 0 || !leafOf(leafNode, 0)) return { refused: 'wrong_leaf' };
    } else if (proposal.proposalType === 'remove') removed.push(proposal.remove.removed);
    else return { refused: 'forbidden_proposal' };
  }
  if (!areLeaves(tree, removed) || removed.includes(index)) return { refused: 'wrong_leaf' };
  if (!path)
    return removed.length > 0 || proposals.length === 0
      ? { refused: 'no_path' }
      : { committer, isJoiner: false, removed };
  const next = leafOf(path.leafNode, index);
  if (!next || !equalBytes(next.signingKey, committer.signingKey)) return { refused: 'wrong_leaf' };
  return { committer: next, isJoiner: false, removed };
}

/** A joiner’s commit has one ExternalInit, a path, and takes out at most a leaf of the same device of the same user. */
function checkJoinerCommit({ proposals, path }: Commit, tree: RatchetTree): Check<Sender> {
  if (!path) return { refused: 'no_path' };
  const committer = leafOf(path.leafNode, 0);
  if (!committer) return { refused: 'wrong_leaf' };
  const removed: number[] = [];
  let inits = 0;
  for (const one of proposals) {
    if (one.proposalOrRefType !== 'proposal') return { refused: 'forbidden_proposal' };
    const { proposal } = one;
    if (proposal.proposalType === 'external_init') inits++;
    else if (proposal.proposalType === 'remove') removed.push(proposal.remove.removed);
    else return { refused: 'forbidden_proposal' };
  }
  if (inits !== 1 || removed.length > 1) return { refused: 'forbidden_proposal' };
  if (!areLeaves(tree, removed)) return { refused: 'wrong_leaf' };
  const isOwn = (index: number): boolean => {
    const former = findLeaf(tree, index);
    const identity = former && identityOfCredential(former.credential);
    return identity?.userId === committer.userId && identity.deviceId === committer.deviceId;
  };
  return removed.every(isOwn) ? { committer, isJoiner: true, removed } : { refused: 'wrong_device' };
}

function areLeaves(tree: RatchetTree, indexes: readonly number[]): boolean {
  return new Set(indexes).size === indexes.length && indexes.every((index) => findLeaf(tree, index) !== undefined);
}
