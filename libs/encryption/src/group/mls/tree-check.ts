import { type CiphersuiteImpl, type GroupContext, type LeafNode, type RatchetTree } from 'ts-mls';
import { validateLeafNodeUpdateOrCommit } from 'ts-mls/clientState.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { directPath, leafToNodeIndex, leafWidth, toLeafIndex } from 'ts-mls/treemath.js';
import { equalBytes, hexOf } from '../../bytes/bytes';
import { MOST_LEAVES } from '../group-policy';
import { type clientConfig } from './suite';

/** A full binary tree over the most leaves has fewer nodes than this. */
const MOST_NODES = 4 * MOST_LEAVES;

/**
 * @returns whether a ratchet tree of a stranger is valid (RFC 9420, 12.4.3.1)
 *
 * The library's own check must not be reached: it walks up from a leaf that is named but does not exist, without end,
 * before any signature is verified; and it refuses trees that are valid, wherever two nodes above each other differ in
 * their unmerged leaves, as they do after any addition followed by a commit from the other half of the tree.
 */
export async function isValidTree(
  tree: RatchetTree,
  context: GroupContext,
  suite: CiphersuiteImpl,
  { authService }: Pick<typeof clientConfig, 'authService'>,
): Promise<boolean> {
  if (!isWellFormed(tree)) return false;
  for (const [index, leaf] of leavesOf(tree)) {
    if (leaf.leafNodeSource === 'key_package') {
      if (!(await authService.validateCredential(leaf.credential, leaf.signaturePublicKey))) return false;
      if (!(await verifyLeafNodeSignatureKeyPackage(leaf, suite.signature))) return false;
    } else if (leaf.leafNodeSource === 'commit') {
      if (await validateLeafNodeUpdateOrCommit(leaf, index, context, authService, suite.signature)) return false;
    } else return false;
  }
  return (
    (await verifyParentHashes(tree, suite.hash)) && equalBytes(context.treeHash, await treeHashRoot(tree, suite.hash))
  );
}

/** @returns the leaves of a tree with their indexes */
export function leavesOf(tree: RatchetTree): [number, LeafNode][] {
  return tree.flatMap((node, i): [number, LeafNode][] => (node?.nodeType === 'leaf' ? [[i / 2, node.leaf]] : []));
}

/** @returns the leaf with that index; undefined if it is blank, or outside of the tree */
export function findLeaf(tree: RatchetTree, index: number): LeafNode | undefined {
  const node = tree[2 * index];
  return node?.nodeType === 'leaf' ? node.leaf : undefined;
}

function isWellFormed(tree: RatchetTree): boolean {
  if (tree.length > MOST_NODES) return false;
  const keys = tree.flatMap((node) =>
    node ? [hexOf(node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey)] : [],
  );
  const signers = leavesOf(tree).map(([, leaf]) => hexOf(leaf.signaturePublicKey));
  return (
    tree.every((node, i) => !node || node.nodeType === (i % 2 === 0 ? 'leaf' : 'parent')) &&
    new Set(keys).size === keys.length &&
    new Set(signers).size === signers.length &&
    tree.every((_, i) => hasValidUnmergedLeaves(tree, i))
  );
}

/** Unmerged leaves exist, ascend, are below their node, and unmerged for every node in between. */
function hasValidUnmergedLeaves(tree: RatchetTree, nodeIndex: number): boolean {
  const node = tree[nodeIndex];
  if (node?.nodeType !== 'parent') return true;
  const unmerged = node.parent.unmergedLeaves;
  return unmerged.every((index, i) => {
    if (!findLeaf(tree, index) || (i > 0 && index <= (unmerged[i - 1] ?? 0))) return false;
    const path: number[] = directPath(leafToNodeIndex(toLeafIndex(index)), leafWidth(tree.length));
    const end = path.indexOf(nodeIndex);
    return (
      end >= 0 &&
      path.slice(0, end).every((between) => {
        const inner = tree[between];
        return inner?.nodeType !== 'parent' || inner.parent.unmergedLeaves.includes(index);
      })
    );
  });
}
