import {
  type CiphersuiteName,
  createGroup,
  decodeGroupState,
  generateKeyPackageWithKey,
  type KeyPackage,
  type PrivateKeyPackage,
} from 'ts-mls';
import { decodeKeyPackage, encodeKeyPackage, verifyKeyPackage } from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { type Bytes, equalBytes } from '../../bytes/bytes';
import { decodeFields, encodeFields } from '../../bytes/encoding';
import { type SigningKey } from '../../bytes/signing';
import { type CommitNote, encodeCommitNote } from '../commit-note';
import { encodeCredential, type LeafIdentity } from '../credential';
import { type Groups, type JoinedGroup, type Refused } from '../group';
import { refuseJoining } from '../group-policy';
import { openWelcome, stateOfExternalJoin, stateOfWelcome } from './join';
import { encoded, MlsGroup, STATE_FORMAT } from './mls-group';
import { clientConfig, identityOfCredential, leafOf, LIBRARY, SIGNING_KEY_HANDLE, SUITE_NAME, suiteOf } from './suite';
import { isValidTree, leavesOf } from './tree-check';
import { type GroupInfoParts, readGroupInfo, readGroupInfoParts, readKeyPackage, readWelcome } from './wire';

/** Key packages are replaced every 7 days, and their private halves kept for 30 more. */
const KEY_PACKAGE_DAYS = 37;
const DAY_SECONDS = 86_400;

/** @returns the groups of the device whose signing key it is, by ts-mls */
export function mlsGroupsOf(signing: SigningKey): Groups {
  return mlsGroupsBySuite(signing, SUITE_NAME);
}

/** @returns the same with another suite: for tests that are about order and storage, and want it fast */
export function mlsGroupsBySuite(signing: SigningKey, suiteName: CiphersuiteName): Groups {
  return {
    async createKeyPackage(leaf, now) {
      const { publicPackage, privatePackage } = await makeKeyPackage(leaf, signing, suiteName, now);
      const fields = [encodeKeyPackage(publicPackage), privatePackage.initPrivateKey, privatePackage.hpkePrivateKey];
      return {
        keyPackage: encoded({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage }),
        secret: encodeFields('keyPackageSecret', [LIBRARY, ...fields]),
      };
    },

    async readKeyPackage(bytes, now) {
      const read = readKeyPackage(bytes, suiteName);
      if ('refused' in read) return read;
      const { keyPackage } = read;
      const { leafNode } = keyPackage;
      const leaf = leafOf(leafNode, 0);
      if (!leaf) return { refused: 'wrong_leaf' };
      if (leafNode.lifetime.notAfter < BigInt(Math.floor(now / 1000))) return { refused: 'wrong_leaf' };
      const { signature } = await suiteOf(null, suiteName);
      const isSigned =
        (await verifyKeyPackage(keyPackage, signature)) &&
        (await verifyLeafNodeSignatureKeyPackage(leafNode, signature));
      return isSigned ? leaf : { refused: 'wrong_leaf' };
    },

    async create(groupId, leaf) {
      const { publicPackage, privatePackage } = await makeKeyPackage(leaf, signing, suiteName, Date.now());
      const suite = await suiteOf(signing, suiteName);
      const state = await createGroup(groupId, publicPackage, privatePackage, [], suite, clientConfig);
      return new MlsGroup({ ...state, secretTree: [] }, signing);
    },

    async joinByWelcome(groupId, bytes, secret, policyFor) {
      const read = readWelcome(bytes, suiteName);
      const own = readKeyPackageSecret(secret);
      if ('refused' in read) return read;
      if (!own) return { refused: 'malformed' };
      const suite = await suiteOf(signing, suiteName);
      const opened = await openWelcome(read.welcome, own.keyPackage, own.secrets, suite).catch(() => null);
      if (!opened) return { refused: 'wrong_device' };
      const parts = readGroupInfoParts(groupId, opened.info, suiteName);
      if ('refused' in parts) return parts;
      if (parts.externalKey) return { refused: 'malformed' };
      if (!(await isValidTree(parts.tree, opened.info.groupContext, suite, clientConfig)))
        return { refused: 'bad_tree' };
      const state = await stateOfWelcome(opened, parts.tree, own.keyPackage, own.secrets, suite).catch(() => null);
      return state
        ? admitted(new MlsGroup(state, signing), parts, parts.note, policyFor)
        : { refused: 'unprocessable' };
    },

    async joinByCommit(groupId, bytes, leaf, note, policyFor) {
      const read = readGroupInfo(bytes);
      if ('refused' in read) return read;
      const parts = readGroupInfoParts(groupId, read.info, suiteName);
      if ('refused' in parts) return parts;
      const { tree, externalKey } = parts;
      if (!externalKey) return { refused: 'malformed' };
      const suite = await suiteOf(signing, suiteName);
      if (!(await isValidTree(tree, read.info.groupContext, suite, clientConfig))) return { refused: 'bad_tree' };
      const former = leavesOf(tree).find(([, node]) => {
        const other = identityOfCredential(node.credential);
        return other?.userId === leaf.userId && other.deviceId === leaf.deviceId;
      });
      if (former && !equalBytes(former[1].signaturePublicKey, signing.publicKey)) return { refused: 'wrong_device' };
      const { publicPackage, privatePackage } = await makeKeyPackage(leaf, signing, suiteName, Date.now());
      const join = {
        info: read.info,
        tree,
        externalKey,
        former: former?.[0],
        authenticatedData: encodeCommitNote(note),
      };
      const joined = await stateOfExternalJoin(join, publicPackage, privatePackage, suite).catch(() => null);
      if (!joined) return { refused: 'unprocessable' };
      const group = new MlsGroup(joined.state, signing);
      const outcome = admitted(group, parts, note, policyFor);
      if ('refused' in outcome) return outcome;
      const message = { version: 'mls10', wireformat: 'mls_public_message', publicMessage: joined.message } as const;
      return { ...outcome, commit: encoded(message), welcome: null, eraseEpochBefore: () => undefined };
    },

    decode(bytes) {
      const fields = decodeFields('groupState', bytes);
      if (fields?.readNumber() !== STATE_FORMAT || fields.readText() !== LIBRARY) return null;
      const decoded = decodeGroupState(fields.readBytes(), 0);
      if (decoded?.[0].groupContext.cipherSuite !== suiteName) return null;
      return new MlsGroup({ ...decoded[0], clientConfig }, signing);
    },
  };
}

function admitted(
  group: MlsGroup,
  { note: known }: GroupInfoParts,
  note: CommitNote,
  policyFor: Parameters<Groups['joinByWelcome']>[3],
): JoinedGroup | Refused {
  const policy = policyFor(known) && policyFor(note);
  if (!policy) return { refused: 'chain_behind' };
  const refused = refuseJoining(group.roster, policy);
  return refused ? { refused } : { group, note: known };
}

async function makeKeyPackage(leaf: LeafIdentity, signing: SigningKey, suiteName: CiphersuiteName, now: number) {
  // Not before: a device whose clock is wrong can still be added.
  const notAfter = BigInt(Math.floor(now / 1000) + KEY_PACKAGE_DAYS * DAY_SECONDS);
  return generateKeyPackageWithKey(
    { credentialType: 'basic', identity: encodeCredential(leaf) },
    { versions: ['mls10'], ciphersuites: [suiteName], extensions: [], proposals: [], credentials: ['basic'] },
    { notBefore: 0n, notAfter },
    [],
    { signKey: SIGNING_KEY_HANDLE, publicKey: signing.publicKey },
    await suiteOf(signing, suiteName),
  );
}

function readKeyPackageSecret(bytes: Bytes): { keyPackage: KeyPackage; secrets: PrivateKeyPackage } | null {
  const fields = decodeFields('keyPackageSecret', bytes);
  if (fields?.readText() !== LIBRARY) return null;
  const keyPackage = decodeKeyPackage(fields.readBytes(), 0)?.[0];
  const [initPrivateKey, hpkePrivateKey] = [fields.readBytes(), fields.readBytes()];
  if (!keyPackage || !fields.isComplete) return null;
  return { keyPackage, secrets: { initPrivateKey, hpkePrivateKey, signaturePrivateKey: SIGNING_KEY_HANDLE } };
}
