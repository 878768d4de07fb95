import { type Bytes, equalBytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { type Device } from '../identity/device';
import {
  acceptDeviceList,
  type DeviceList,
  type DeviceListRefusal,
  findListedDevice,
  hasLiveDevice,
  type SignedDeviceList,
} from '../identity/device-list';
import { openWithKey, type PreSharedKey, type SealedToKey, sealToKey } from '../identity/receiving';
import { type VaultFloor } from '../vault/ports';
import {
  encodePairingRequest,
  isPairingExpired,
  pairingKeysOf,
  type PairingRequest,
  type WaitingPairing,
} from './pairing-request';

const HASH_LENGTH = 32;

/** What lets a new device in, as it is stored and sent. */
export interface PairingApproval {
  /** The user's list, with the new device. */
  readonly list: SignedDeviceList;
  /** Identity and floor, for the new device alone, by somebody who has its code. */
  readonly grant: SealedToKey;
}

/** What the new device has once it is let in. */
export interface PairedDevice {
  /** The public identity key of the user, which the device pins: it has no other word for it than its code. */
  readonly identity: Bytes;
  readonly list: DeviceList;
  /** How far the user’s vault was seen: a new device has seen nothing, and would take an old one. */
  readonly floor: VaultFloor;
}

/**
 * Why an approval is not taken. `forged`: nobody who has the code made it for this request, or it was changed on the
 * way. `not_named`: the list is without this device.
 */
export type PairingApprovalRefusal = DeviceListRefusal | 'expired' | 'other_user' | 'not_named';

/** @returns the approval, bound to everything that the new device has shown and to the list */
export async function sealApproval(
  request: PairingRequest,
  psk: PreSharedKey,
  { list, identity, floor }: Pick<PairedDevice, 'identity' | 'floor'> & { readonly list: SignedDeviceList },
): Promise<PairingApproval> {
  const grant = encodeFields('pairingGrant', [identity, floor.length, floor.head]);
  if (!decodeGrant(grant)) throw new Error('No device could read this grant.');
  return { list, grant: await sealToKey(request.receivingKey, approvalInfo(request, list), grant, psk) };
}

/** @returns what the approval gives to the device that has waited for it, once: it waits no more */
export async function openPairingApproval(
  { request, code }: WaitingPairing,
  { receiving }: Pick<Device, 'receiving'>,
  { list: signed, grant: sealed }: PairingApproval,
  now: number,
): Promise<PairedDevice | { readonly refused: PairingApprovalRefusal }> {
  if (isPairingExpired(request, now)) return { refused: 'expired' };
  const { psk } = await pairingKeysOf(code, request);
  const plain = await openWithKey(receiving.secret, approvalInfo(request, signed), sealed, psk);
  if (!plain) return { refused: 'forged' };
  const grant = decodeGrant(plain);
  if (!grant) return { refused: 'malformed' };
  const outcome = await acceptDeviceList(grant.identity, null, signed);
  if ('refused' in outcome) return outcome;
  const { list } = outcome;
  if (list.userId !== request.userId) return { refused: 'other_user' };
  return namesDevice(list, request) ? { ...grant, list } : { refused: 'not_named' };
}

/** @returns whether the list has the device of the request, alive and with the same keys */
export function namesDevice(list: DeviceList, { deviceId, signingKey, receivingKey }: PairingRequest): boolean {
  const listed = findListedDevice(list, deviceId)?.receivingKey ?? new Uint8Array();
  return hasLiveDevice(list, deviceId, signingKey) && equalBytes(listed, receivingKey);
}

function decodeGrant(bytes: Bytes): Pick<PairedDevice, 'identity' | 'floor'> | null {
  const fields = decodeFields('pairingGrant', bytes);
  if (!fields) return null;
  const identity = fields.readBytes(KEY_LENGTH);
  const floor = { length: fields.readNumber(), head: fields.readBytes(HASH_LENGTH) };
  return fields.isComplete ? { identity, floor } : null;
}

function approvalInfo(request: PairingRequest, { list, signature }: SignedDeviceList): Bytes {
  return encodeFields('pairingApproval', [encodePairingRequest(request), list, signature]);
}
