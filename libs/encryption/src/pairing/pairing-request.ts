import { type Bytes, utf8Bytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { createMac, deriveBytes, deriveMacKey, importKdfKey } from '../bytes/symmetric';
import { type Device } from '../identity/device';
import { type PreSharedKey, RECEIVING_KEY_LENGTH } from '../identity/receiving';
import { createPairingCode } from './pairing-code';

/** How long a code counts, in milliseconds. */
const LIFETIME = 10 * 60_000;

/** HPKE takes no shorter ones. */
const PSK_LENGTH = 32;

/** What a new device asks for: to be one of its user's. */
export interface PairingRequest {
  /** The origin of the page on which the code is shown. */
  readonly origin: string;
  readonly userId: string;
  readonly requestId: string;
  readonly deviceId: string;
  readonly signingKey: Bytes;
  readonly receivingKey: Bytes;
  /** When it was made, in milliseconds. */
  readonly time: number;
}

/** A pairing request as it is stored and sent. */
export interface SentPairingRequest {
  readonly request: Bytes;
  readonly mac: Bytes;
}

/** A new device that shows its code and waits. It is not stored: a page that is closed makes another request. */
export interface WaitingPairing {
  readonly request: PairingRequest;
  readonly sent: SentPairingRequest;
  /** For the eyes of whoever holds both devices. */
  readonly code: Bytes;
}

/** What both devices make of a code: the server has neither. */
interface PairingKeys {
  /** Authenticates the request. */
  readonly macKey: CryptoKey;
  /** Seals the approval, besides the new device's receiving key. */
  readonly psk: PreSharedKey;
}

/** @returns a new request of the device under a new code; `requestId` names it at the server */
export async function requestPairing(
  { userId, deviceId, signing, receiving }: Device,
  { origin, requestId, now }: { readonly origin: string; readonly requestId: string; readonly now: number },
): Promise<WaitingPairing> {
  const keys = { signingKey: signing.publicKey, receivingKey: receiving.publicKey };
  const request: PairingRequest = { origin, userId, requestId, deviceId, ...keys, time: now };
  const [code, bytes] = [createPairingCode(), encodePairingRequest(request)];
  const { macKey } = await pairingKeysOf(code, request);
  return { request, code, sent: { request: bytes, mac: await createMac(macKey, bytes) } };
}

/** @returns the keys of a code: other ones for each request */
export async function pairingKeysOf(
  code: Bytes,
  { userId, requestId }: Pick<PairingRequest, 'userId' | 'requestId'>,
): Promise<PairingKeys> {
  const [secret, salt] = [await importKdfKey(code), encodeFields('pairingSalt', [userId, requestId])];
  const [macKey, key] = await Promise.all([
    deriveMacKey(secret, encodeFields('pairingMacKey', []), salt),
    deriveBytes(secret, encodeFields('pairingPsk', []), PSK_LENGTH, salt),
  ]);
  return { macKey, psk: { id: utf8Bytes(requestId), key } };
}

/** @returns whether the code counts no more, or not yet, by a clock that is another one than the request's */
export function isPairingExpired({ time }: PairingRequest, now: number): boolean {
  return Math.abs(now - time) > LIFETIME;
}

/** @returns the bytes of the request, over which its MAC is */
export function encodePairingRequest(request: PairingRequest): Bytes {
  const { origin, userId, requestId, deviceId, signingKey, receivingKey, time } = request;
  return encodeFields('pairingRequest', [origin, userId, requestId, deviceId, signingKey, receivingKey, time]);
}

/** @returns what {@link encodePairingRequest} was given; null for any other bytes */
export function decodePairingRequest(bytes: Bytes): PairingRequest | null {
  const fields = decodeFields('pairingRequest', bytes);
  if (!fields) return null;
  const [origin, userId, requestId] = [fields.readText(), fields.readText(), fields.readText()];
  const [deviceId, signingKey] = [fields.readText(), fields.readBytes(KEY_LENGTH)];
  const [receivingKey, time] = [fields.readBytes(RECEIVING_KEY_LENGTH), fields.readNumber()];
  if (!fields.isComplete || deviceId === '') return null;
  return { origin, userId, requestId, deviceId, signingKey, receivingKey, time };
}
