import { type Bytes, randomBytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { KEY_LENGTH, type SigningKey, signingKeyOfSeed, verifySignature } from '../bytes/signing';
import { deriveBytes, importKdfKey } from '../bytes/symmetric';
import { type CertifiedDevice } from '../identity/device-certificate';
import { type ChainLinkTerms } from './chain-item';
import { type RoomChain } from './room-chain';

const SEED_LENGTH = 16;

/** The room for which a link is. */
type LinkRoom = Pick<RoomChain, 'roomId' | 'founder'>;

/** The device that comes in by a link. */
type LinkGuest = Pick<CertifiedDevice, 'userId' | 'identity' | 'deviceId'>;

/** @returns the secret part of a link, which stands behind its `#` and never reaches the server */
export function createLinkSeed(): Bytes {
  return randomBytes(SEED_LENGTH);
}

/** @returns the key that the seed makes; its public half stands in the chain */
export async function linkKeyOfSeed(seed: Bytes): Promise<SigningKey> {
  const secret = await importKdfKey(seed);
  return signingKeyOfSeed(await deriveBytes(secret, encodeFields('linkSeed', []), KEY_LENGTH));
}

/** @returns the link’s word that this device of this identity holds its seed */
export function signLinkAdmission(key: SigningKey, room: LinkRoom, linkId: string, who: LinkGuest): Promise<Bytes> {
  return key.sign(admissionFields(room, linkId, who));
}

/** @returns whether the holder of the link’s seed let in exactly that device of that identity, to that room */
export function verifyLinkAdmission(
  room: LinkRoom,
  { linkId, linkKey }: Pick<ChainLinkTerms, 'linkId' | 'linkKey'>,
  who: LinkGuest,
  signature: Bytes,
): Promise<boolean> {
  return verifySignature(linkKey, admissionFields(room, linkId, who), signature);
}

function admissionFields({ roomId, founder }: LinkRoom, linkId: string, who: LinkGuest): Bytes {
  const { userId, identity, deviceId } = who;
  return encodeFields('linkAdmission', [roomId, linkId, userId, identity, deviceId, founder.identity]);
}
