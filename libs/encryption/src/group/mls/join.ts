import {
  type CiphersuiteImpl,
  type ClientState,
  type GroupInfo,
  type KeyPackage,
  type PrivateKeyPackage,
  type PublicMessage,
  type RatchetTree,
  type Welcome,
} from 'ts-mls';
import { exportSecret, nextEpochContext } from 'ts-mls/clientState.js';
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js';
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { deriveKeySchedule, initializeEpoch } from 'ts-mls/keySchedule.js';
import { protectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { getCommitSecret, pathToPathSecrets, pathToRoot } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath, updateLeafKey } from 'ts-mls/privateKeyPath.js';
import { addLeafNode, findLeafIndex, removeLeafNode } from 'ts-mls/ratchetTree.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { leafToNodeIndex, nodeToLeafIndex, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { createUpdatePath, firstCommonAncestor } from 'ts-mls/updatePath.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { clientConfig } from './suite';
import { findLeaf } from './tree-check';

/**
 * Joining is ours, made of the library's parts: its own functions check trees in a way that neither ends nor accepts
 * all that is valid (tree-check.ts), and ask for the wanted group only afterwards. What follows is RFC 9420, 12.4.3.1
 * and 12.4.3.2, without pre-shared keys and without extensions.
 */

/** A welcome that was opened; nothing in it has been checked. */
interface OpenedWelcome {
  readonly info: GroupInfo;
  readonly joinerSecret: Uint8Array;
  readonly pathSecret: Uint8Array | undefined;
}

/** @returns what the welcome holds for that key package; null if it holds nothing for it, or pre-shared keys */
export async function openWelcome(
  welcome: Welcome,
  keyPackage: KeyPackage,
  { initPrivateKey }: PrivateKeyPackage,
  suite: CiphersuiteImpl,
): Promise<OpenedWelcome | null> {
  const reference = await makeKeyPackageRef(keyPackage, suite.hash);
  const key = await suite.hpke.importPrivateKey(initPrivateKey);
  const secrets = await decryptGroupSecrets(key, reference, welcome, suite.hpke);
  if (!secrets || secrets.psks.length > 0) return null;
  const { joinerSecret, pathSecret } = secrets;
  const info = await decryptGroupInfo(welcome, joinerSecret, noPskSecret(suite), suite);
  return info ? { info, joinerSecret, pathSecret } : null;
}

/** @returns the state after joining by a welcome whose tree was checked; null if something does not fit */
export async function stateOfWelcome(
  { info, joinerSecret, pathSecret }: OpenedWelcome,
  tree: RatchetTree,
  keyPackage: KeyPackage,
  secrets: PrivateKeyPackage,
  suite: CiphersuiteImpl,
): Promise<ClientState | null> {
  if (!(await hasValidSignature(info, tree, suite))) return null;
  const own = findLeafIndex(tree, keyPackage.leafNode);
  if (own === undefined) return null;
  if (!(await verifyGroupInfoConfirmationTag(info, joinerSecret, noPskSecret(suite), suite))) return null;
  const leafKey = { leafIndex: own, privateKeys: { [leafToNodeIndex(own)]: secrets.hpkePrivateKey } };
  const ancestor = firstCommonAncestor(tree, own, toLeafIndex(info.signer));
  const pathKeys = pathSecret
    ? await toPrivateKeyPath(await pathToRoot(tree, ancestor, pathSecret, suite.kdf), own, suite)
    : leafKey;
  const [keySchedule] = await deriveKeySchedule(joinerSecret, noPskSecret(suite), info.groupContext, suite.kdf);
  return {
    ...freshState(secrets),
    groupContext: info.groupContext,
    ratchetTree: tree,
    privatePath: mergePrivateKeyPaths(pathKeys, leafKey),
    confirmationTag: info.confirmationTag,
    keySchedule,
  };
}

/** What a joiner has to make its commit of. */
interface ExternalJoin {
  readonly info: GroupInfo;
  readonly tree: RatchetTree;
  readonly externalKey: Uint8Array;
  /** The leaf of the same device that is still there. */
  readonly former: number | undefined;
  readonly authenticatedData: Uint8Array;
}

/** @returns the state after joining by an own commit, and the commit; null if the group info's signature is wrong */
export async function stateOfExternalJoin(
  { info, tree, externalKey, former, authenticatedData }: ExternalJoin,
  keyPackage: KeyPackage,
  secrets: PrivateKeyPackage,
  suite: CiphersuiteImpl,
): Promise<{ state: ClientState; message: PublicMessage } | null> {
  if (!(await hasValidSignature(info, tree, suite))) return null;
  const { enc, secret: initSecret } = await exportSecret(externalKey, suite);
  const without = former === undefined ? tree : removeLeafNode(tree, toLeafIndex(former));
  const [withLeaf, ownNode] = addLeafNode(without, keyPackage.leafNode);
  const own = nodeToLeafIndex(ownNode);
  const signKey = secrets.signaturePrivateKey;
  const [newTree, path, pathSecrets, leafKey] = await createUpdatePath(
    withLeaf,
    own,
    info.groupContext,
    signKey,
    suite,
  );
  const last = pathSecrets.at(-1);
  const commitSecret = last
    ? await getCommitSecret(newTree, toNodeIndex(last.nodeIndex), last.secret, suite.kdf)
    : new Uint8Array(suite.kdf.size);
  const remove = former === undefined ? [] : [{ proposalType: 'remove', remove: { removed: former } } as const];
  const proposals = [...remove, { proposalType: 'external_init', externalInit: { kemOutput: enc } } as const];
  const { signature, framedContent } = await createContentCommitSignature(
    info.groupContext,
    'mls_public_message',
    { proposals: proposals.map((proposal) => ({ proposalOrRefType: 'proposal', proposal })), path },
    { senderType: 'new_member_commit' },
    authenticatedData,
    signKey,
    suite.signature,
  );
  const groupContext = await nextEpochContext(
    info.groupContext,
    'mls_public_message',
    framedContent,
    signature,
    await treeHashRoot(newTree, suite.hash),
    info.confirmationTag,
    suite.hash,
  );
  const { keySchedule } = await initializeEpoch(initSecret, commitSecret, groupContext, noPskSecret(suite), suite.kdf);
  const confirmed = groupContext.confirmedTranscriptHash;
  const confirmationTag = await createConfirmationTag(keySchedule.confirmationKey, confirmed, suite.hash);
  const content = {
    content: framedContent,
    auth: { signature, confirmationTag, contentType: 'commit' },
    wireformat: 'mls_public_message',
  } as const;
  const privatePath = updateLeafKey(
    await toPrivateKeyPath(pathToPathSecrets(pathSecrets), own, suite),
    await suite.hpke.exportPrivateKey(leafKey),
  );
  const state = {
    ...freshState(secrets),
    groupContext,
    ratchetTree: newTree,
    privatePath,
    confirmationTag,
    keySchedule,
  };
  return { state, message: await protectPublicMessage(keySchedule.membershipKey, groupContext, content, suite) };
}

async function hasValidSignature(info: GroupInfo, tree: RatchetTree, suite: CiphersuiteImpl): Promise<boolean> {
  const signer = findLeaf(tree, info.signer);
  return signer !== undefined && verifyGroupInfoSignature(info, signer.signaturePublicKey, suite.signature);
}

function noPskSecret(suite: CiphersuiteImpl): Uint8Array {
  return new Uint8Array(suite.kdf.size);
}

/** The parts of a state that are the same after every joining. Message ratchets are not among what we use. */
function freshState({
  signaturePrivateKey,
}: PrivateKeyPackage): Omit<
  ClientState,
  'groupContext' | 'ratchetTree' | 'privatePath' | 'confirmationTag' | 'keySchedule'
> {
  return {
    signaturePrivateKey,
    unappliedProposals: {},
    secretTree: [],
    historicalReceiverData: new Map(),
    groupActiveState: { kind: 'active' },
    clientConfig,
  };
}
