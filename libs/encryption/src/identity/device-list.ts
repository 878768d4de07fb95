import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { KEY_LENGTH, type SigningKey, verifySignature } from '../bytes/signing';
import { RECEIVING_KEY_LENGTH } from './receiving';

/** Far above what anybody signs in with; a list with more is refused. */
const MOST_DEVICES = 1000;

/** A device as its user's list has it, for good: it also says whose keys verify old messages. */
export interface ListedDevice {
  readonly deviceId: string;
  readonly signingKey: Bytes;
  /** Null once the device has ended. */
  readonly receivingKey: Bytes | null;
  /** When it was signed, in milliseconds. */
  readonly from: number;
  /** When it ended; null while it lives. */
  readonly until: number | null;
}

/** All devices that a user ever had. */
export interface DeviceList {
  readonly userId: string;
  /** The public identity key of the user, which signs the list. */
  readonly identity: Bytes;
  /** Only rises. */
  readonly version: number;
  readonly devices: readonly ListedDevice[];
}

/** @returns the newest verified device list of a user under an identity; null if there is none here */
export type FindDeviceList = (userId: string, identity: Uint8Array) => DeviceList | null;

/** A device list as it is stored and sent. */
export interface SignedDeviceList {
  readonly list: Bytes;
  readonly signature: Bytes;
}

/** Why a device list is not taken. `forked`: two lists have one version. `rewritten`: what was said once is unsaid. */
export type DeviceListRefusal = 'malformed' | 'forged' | 'other_identity' | 'older' | 'forked' | 'rewritten';

/** What a device list that was received is: the newest one, or refused. */
export type DeviceListOutcome = { readonly list: DeviceList } | { readonly refused: DeviceListRefusal };

/** @returns the list under the signature of the user's identity key */
export async function signDeviceList(list: DeviceList, identity: SigningKey): Promise<SignedDeviceList> {
  const bytes = encodeDeviceList(list);
  if (!equalBytes(identity.publicKey, list.identity)) throw new Error('A device list is signed by its own identity.');
  if (!decodeDeviceList(bytes)) throw new Error('The device list contradicts itself.');
  return { list: bytes, signature: await identity.sign(bytes) };
}

/**
 * @param identity the pinned identity of the user
 * @param known the newest list of the user seen so far
 * @returns the list if it may take the place of `known`, which it then contains; `known` itself is taken again
 */
export async function acceptDeviceList(
  identity: Bytes,
  known: DeviceList | null,
  { list: bytes, signature }: SignedDeviceList,
): Promise<DeviceListOutcome> {
  const list = decodeDeviceList(bytes);
  if (!list) return { refused: 'malformed' };
  if (!equalBytes(list.identity, identity)) return { refused: 'other_identity' };
  if (!(await verifySignature(identity, bytes, signature))) return { refused: 'forged' };
  if (!known) return { list };
  if (list.userId !== known.userId) return { refused: 'other_identity' };
  if (list.version < known.version) return { refused: 'older' };
  if (list.version === known.version)
    return equalBytes(bytes, encodeDeviceList(known)) ? { list: known } : { refused: 'forked' };
  return known.devices.every((before) => list.devices.some((now) => goesOn(before, now)))
    ? { list }
    : { refused: 'rewritten' };
}

/** @returns the device of the list by its id */
export function findListedDevice(list: Pick<DeviceList, 'devices'>, deviceId: string): ListedDevice | null {
  return list.devices.find((device) => device.deviceId === deviceId) ?? null;
}

/** @returns whether the list has a live device with that id and that signing key */
export function hasLiveDevice(list: DeviceList, deviceId: string, signingKey: Uint8Array): boolean {
  const device = findListedDevice(list, deviceId);
  return device?.until === null && equalBytes(device.signingKey, signingKey);
}

/** @returns whether `now` is what `before` may have become: the same, or ended, and never alive again */
function goesOn(before: ListedDevice, now: ListedDevice): boolean {
  if (before.deviceId !== now.deviceId || before.from !== now.from) return false;
  if (!equalBytes(before.signingKey, now.signingKey)) return false;
  if (before.until !== null) return now.until === before.until;
  return now.until !== null || equalOrNull(before.receivingKey, now.receivingKey);
}

function equalOrNull(a: Bytes | null, b: Bytes | null): boolean {
  return a && b ? equalBytes(a, b) : a === b;
}

function encodeDeviceList({ userId, identity, version, devices }: DeviceList): Bytes {
  return encodeFields('deviceList', [
    userId,
    identity,
    version,
    devices.map(({ deviceId, signingKey, receivingKey, from, until }) => [
      deviceId,
      signingKey,
      receivingKey ?? new Uint8Array(),
      from,
      until ?? 0,
    ]),
  ]);
}

function decodeDeviceList(bytes: Bytes): DeviceList | null {
  const fields = decodeFields('deviceList', bytes);
  if (!fields) return null;
  const list: DeviceList = {
    userId: fields.readText(),
    identity: fields.readBytes(KEY_LENGTH),
    version: fields.readNumber(),
    devices: fields.readList((entry) =>
      entry.readFields((device) => {
        const [deviceId, signingKey] = [device.readText(), device.readBytes(KEY_LENGTH)];
        const [receivingKey, from, until] = [device.readBytes(), device.readNumber(), device.readNumber()];
        return {
          deviceId,
          signingKey,
          receivingKey: receivingKey.length === 0 ? null : receivingKey,
          from,
          until: until === 0 ? null : until,
        };
      }),
    ),
  };
  return fields.isComplete && isConsistent(list) ? list : null;
}

function isConsistent({ version, devices }: DeviceList): boolean {
  return (
    version > 0 &&
    devices.length <= MOST_DEVICES &&
    new Set(devices.map(({ deviceId }) => deviceId)).size === devices.length &&
    new Set(devices.map(({ signingKey }) => hexOf(signingKey))).size === devices.length &&
    devices.every(
      ({ deviceId, receivingKey, from, until }) =>
        deviceId !== '' &&
        (until === null ? receivingKey?.length === RECEIVING_KEY_LENGTH : receivingKey === null && until >= from),
    )
  );
}
