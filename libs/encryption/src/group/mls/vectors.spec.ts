import {
  type CiphersuiteImpl,
  decodeMlsMessage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  type GroupContext,
  type RatchetTree,
} from 'ts-mls';
import { ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { rootFromNodeWidth } from 'ts-mls/treemath.js';
import { type Bytes, hexOf } from '../../bytes/bytes';
import { openWelcome, stateOfWelcome } from './join';
import { isValidTree } from './tree-check';
import welcomes from './vectors/passive-client-welcome.json';
import trees from './vectors/tree-validation.json';

const fromHex = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const anybody = { authService: { validateCredential: async () => true } };
const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';
let suite: CiphersuiteImpl;

beforeAll(async () => {
  suite = await getCiphersuiteImpl(getCiphersuiteFromName(SUITE));
});

describe('the trees of RFC 9420’s vectors', () => {
  const contextOf = ({ group_id, tree_hashes }: (typeof trees)[number], tree: RatchetTree): GroupContext => ({
    version: 'mls10',
    cipherSuite: SUITE,
    groupId: fromHex(group_id),
    epoch: 0n,
    treeHash: fromHex(tree_hashes[rootFromNodeWidth(tree.length)]!),
    confirmedTranscriptHash: new Uint8Array(),
    extensions: [],
  });

  it.each(trees.map((vector, i) => [i, vector] as const))('are valid: %d', async (_, vector) => {
    const tree = decodeRatchetTree(fromHex(vector.tree), 0)![0];
    const context = contextOf(vector, tree);
    expect(await isValidTree(tree, context, suite, anybody)).toBe(true);
    expect(await isValidTree(tree, { ...context, groupId: new Uint8Array(1) }, suite, anybody)).toBe(
      !tree.some((node) => node?.nodeType === 'leaf' && node.leaf.leafNodeSource === 'commit'),
    );
    expect(await isValidTree(tree, { ...context, treeHash: new Uint8Array(32) }, suite, anybody)).toBe(false);
  });
});

describe('the welcomes of RFC 9420’s vectors', () => {
  it.each(welcomes.map((vector, i) => [i, vector] as const))(
    'give the secrets of their epoch: %d',
    async (_, vector) => {
      const keyPackage = decodeMlsMessage(fromHex(vector.key_package), 0)![0];
      const welcome = decodeMlsMessage(fromHex(vector.welcome), 0)![0];
      if (keyPackage.wireformat !== 'mls_key_package' || welcome.wireformat !== 'mls_welcome')
        throw new Error('Other messages.');
      const secrets = {
        initPrivateKey: fromHex(vector.init_priv),
        hpkePrivateKey: fromHex(vector.encryption_priv),
        signaturePrivateKey: fromHex(vector.signature_priv),
      };
      const opened = (await openWelcome(welcome.welcome, keyPackage.keyPackage, secrets, suite))!;
      const given = vector.ratchet_tree;
      const tree = given ? decodeRatchetTree(fromHex(given), 0)![0] : ratchetTreeFromExtension(opened.info)!;
      expect(await isValidTree(tree, opened.info.groupContext, suite, anybody)).toBe(true);
      const state = await stateOfWelcome(opened, tree, keyPackage.keyPackage, secrets, suite);
      expect(hexOf(state!.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
    },
  );
});
