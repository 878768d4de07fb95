import { type Bytes, equalBytes } from '../bytes/bytes';
import { type SigningKey } from '../bytes/signing';
import { verifyMac } from '../bytes/symmetric';
import { type Device } from '../identity/device';
import { type DeviceList, hasLiveDevice, signDeviceList } from '../identity/device-list';
import { type PreSharedKey } from '../identity/receiving';
import { type VaultFloor } from '../vault/ports';
import { namesDevice, type PairingApproval, sealApproval } from './pairing-approval';
import {
  decodePairingRequest,
  isPairingExpired,
  pairingKeysOf,
  type PairingRequest,
  type SentPairingRequest,
} from './pairing-request';

/** How many wrong codes a request survives. */
const MOST_TRIES = 5;

/**
 * Why a request or a code is not taken. `other_origin`, `other_user`: somebody else's sign-in, or the page of somebody
 * else. `expired`: older than ten minutes, or the clocks of both devices differ by as much. `wrong_code`: mistyped, or
 * something of the request was changed on the way, which look the same.
 */
export type PairingRefusal =
  'malformed' | 'other_origin' | 'other_user' | 'expired' | 'used' | 'too_many_tries' | 'wrong_code';

/** A request in front of a device that may approve it. What it says of itself is true only once its code was typed. */
export interface ReceivedPairing {
  readonly request: PairingRequest;
  readonly sent: SentPairingRequest;
  readonly failedTries: number;
  readonly isUsed: boolean;
}

/** A request of which the code was right. */
export interface ConfirmedPairing {
  readonly request: PairingRequest;
  readonly psk: PreSharedKey;
}

/** What became of a code. The next one is tried on `received`. */
export type TriedCode = { readonly received: ReceivedPairing } & (
  { readonly confirmed: ConfirmedPairing } | { readonly refused: PairingRefusal }
);

/** What the approving device has. */
export interface PairingApprover {
  readonly device: Device;
  /** The identity key of the user. */
  readonly identity: SigningKey;
  /** The newest list of the user. */
  readonly list: DeviceList;
  /** How far the vault was seen. It takes in the new device by its list: see `Vault.followDevices`. */
  readonly floor: VaultFloor;
  readonly now: number;
}

/**
 * Why a confirmed request is not approved. `unlisted_approver`: the approving device has ended itself. `known_device`:
 * id or key are those of another device in the list, or of one that has ended, which comes back with new ones.
 */
export type ApprovalRefusal = 'unlisted_approver' | 'known_device';

/** The approval, and the list that goes to the server with it. */
export interface ApprovedPairing {
  readonly list: DeviceList;
  readonly approval: PairingApproval;
}

/** @returns the request, if it is one of this user, on this origin, and of now */
export function receivePairingRequest(
  sent: SentPairingRequest,
  here: { readonly origin: string; readonly userId: string; readonly now: number },
): ReceivedPairing | { readonly refused: PairingRefusal } {
  const request = decodePairingRequest(sent.request);
  if (!request) return { refused: 'malformed' };
  if (request.origin !== here.origin) return { refused: 'other_origin' };
  if (request.userId !== here.userId) return { refused: 'other_user' };
  if (isPairingExpired(request, here.now)) return { refused: 'expired' };
  return { request, sent, failedTries: 0, isUsed: false };
}

/** @returns whether the code is the request's, whose every word is then the new device's own. A code counts once. */
export async function tryPairingCode(received: ReceivedPairing, code: Bytes, now: number): Promise<TriedCode> {
  const { request, sent, failedTries, isUsed } = received;
  if (isUsed) return { received, refused: 'used' };
  if (failedTries >= MOST_TRIES) return { received, refused: 'too_many_tries' };
  if (isPairingExpired(request, now)) return { received, refused: 'expired' };
  const { macKey, psk } = await pairingKeysOf(code, request);
  if (await verifyMac(macKey, sent.request, sent.mac))
    return { received: { ...received, isUsed: true }, confirmed: { request, psk } };
  return { received: { ...received, failedTries: failedTries + 1 }, refused: 'wrong_code' };
}

/**
 * @returns the device list with the new device, and what lets it in. If another device has changed the list meanwhile,
 *   the same request is approved again with the newer list.
 */
export async function approvePairing(
  { request, psk }: ConfirmedPairing,
  { device, identity, list, floor, now }: PairingApprover,
): Promise<ApprovedPairing | { readonly refused: ApprovalRefusal }> {
  if (list.userId !== request.userId) throw new Error('A device is paired with devices of its own user.');
  if (!hasLiveDevice(list, device.deviceId, device.signing.publicKey)) return { refused: 'unlisted_approver' };
  const extended = extendList(list, request, now);
  if (!extended) return { refused: 'known_device' };
  const signed = await signDeviceList(extended, identity);
  const grant = { list: signed, identity: list.identity, floor };
  return { list: extended, approval: await sealApproval(request, psk, grant) };
}

/** @returns the list with the device, which may be there already; null if another one has its id or its key */
function extendList(list: DeviceList, request: PairingRequest, now: number): DeviceList | null {
  const { deviceId, signingKey, receivingKey } = request;
  if (namesDevice(list, request)) return list;
  const isTaken = list.devices.some((one) => one.deviceId === deviceId || equalBytes(one.signingKey, signingKey));
  if (isTaken) return null;
  const added = { deviceId, signingKey, receivingKey, from: now, until: null };
  return { ...list, version: list.version + 1, devices: [...list.devices, added] };
}
