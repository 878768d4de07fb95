import {
  type CiphersuiteImpl,
  type CiphersuiteName,
  type ClientConfig,
  type Credential,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  type LeafNode,
} from 'ts-mls';
import { defaultClientConfig } from 'ts-mls/clientConfig.js';
import { type SigningKey, verifySignature } from '../../bytes/signing';
import { decodeCredential, type Leaf } from '../credential';

/** Hybrid: broken only if both X25519 and ML-KEM-768 are. */
export const SUITE_NAME = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519';

/** Names what wrote a stored state: another version may read it as something else. */
export const LIBRARY = 'ts-mls 1.6.4';

/** Stands where the library keeps private signing keys: ours stay in WebCrypto, and the suite of a device knows its own. */
export const SIGNING_KEY_HANDLE = new Uint8Array(1);

const shared = new Map<CiphersuiteName, Promise<CiphersuiteImpl>>();

/** @returns the suite of a group with the device's own signing; without a key it only verifies */
export async function suiteOf(
  signing: SigningKey | null,
  name: CiphersuiteName = SUITE_NAME,
): Promise<CiphersuiteImpl> {
  const suite = shared.get(name) ?? getCiphersuiteImpl(getCiphersuiteFromName(name));
  shared.set(name, suite);
  return {
    ...(await suite),
    signature: {
      sign: async (_handle, message) => {
        if (!signing) throw new Error('This suite only verifies.');
        return signing.sign(message);
      },
      verify: (publicKey, message, signature) => verifySignature(publicKey, message, signature),
      keygen: () => Promise.reject(new Error('Devices make their keys themselves.')),
    },
  };
}

/**
 * The library asks only whether a credential has our form. Whose it is and whether that device may be here is decided
 * on whole rosters (group-policy.ts): before that, nothing the library made is stored.
 */
export const clientConfig: ClientConfig = {
  ...defaultClientConfig,
  authService: { validateCredential: async (credential) => identityOfCredential(credential) !== null },
};

/** @returns whose leaf it says it is; null if it is not of our form */
export function identityOfCredential(credential: Credential) {
  return credential.credentialType === 'basic' ? decodeCredential(credential.identity) : null;
}

/** @returns the leaf as the rest of the library knows it; null if it is not of our form */
export function leafOf(node: LeafNode, index: number): Leaf | null {
  const identity = identityOfCredential(node.credential);
  if (!identity || node.extensions.length > 0) return null;
  return { ...identity, index, signingKey: new Uint8Array(node.signaturePublicKey) };
}
