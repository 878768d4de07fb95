import type { SignedDeviceListDto } from '@webcall/contracts';
import { isUUID } from 'class-validator';
import { AppError } from '../../platform/http/app-error';
import { isSignedBy } from './device-signatures';

/** The first field of a device list, in the format that is read here. */
const DEVICE_LIST_LABEL = 'webcall device list 1';

const KEY_LENGTH = 32;

/** Length of a public key that receives. */
const RECEIVING_KEY_LENGTH = 1216;

/** The largest version that the database stores. */
const MAX_VERSION = 2 ** 31 - 1;

/** A device as a list has it. */
export interface ReadDevice {
  readonly id: string;
  readonly signingKey: Buffer;
  /** Empty once the device has ended. */
  readonly receivingKey: Buffer;
  /** When it was listed. */
  readonly from: number;
  /** When it ended; 0 while it lives. */
  readonly until: number;
}

/** A device list whose signature is right, as far as the server has to know it. */
export interface ReadDeviceList {
  readonly userId: string;
  readonly identity: Buffer;
  readonly version: number;
  readonly devices: readonly ReadDevice[];
  readonly list: Buffer;
  readonly signature: Buffer;
}

/** @returns the refusal of a list that its identity has not signed so, or that does not go on from the one before */
export function invalidDeviceListError(): AppError {
  return new AppError('invalid_input', {
    list: ['list must be signed by its identity, and go on from the one before'],
  });
}

/**
 * Reads what `libs/encryption` has signed. The server takes no word for a device but this one: whoever has the password
 * and not the identity key could say anything beside it.
 * @throws AppError invalid_input unless the list is signed by the identity that it names
 */
export function readSignedDeviceList(dto: SignedDeviceListDto): ReadDeviceList {
  const [list, signature] = [Buffer.from(dto.list, 'base64url'), Buffer.from(dto.signature, 'base64url')];
  const read = readDeviceList(list);
  if (!read || !isSignedBy(read.identity, list, signature)) throw invalidDeviceListError();
  return { ...read, list, signature };
}

/**
 * The rules of `libs/encryption`, whose clients stay with the list before if this one breaks them.
 * @param before the list that was stored
 * @returns whether each device is still there, as it was or ended since
 */
export function keepsDevicesOf(before: Buffer, { devices }: ReadDeviceList): boolean {
  const byId = new Map(devices.map((device) => [device.id, device]));
  return (readDeviceList(before)?.devices ?? []).every((device) => goesOn(device, byId.get(device.id)));
}

/** A device that has ended stays as it was, and one that lives does so, too, until it ends. */
function goesOn(before: ReadDevice, now: ReadDevice | undefined): boolean {
  if (now?.from !== before.from || !now.signingKey.equals(before.signingKey)) return false;
  if (before.until > 0) return now.until === before.until;
  return now.until > 0 || now.receivingKey.equals(before.receivingKey);
}

function readDeviceList(list: Buffer): Omit<ReadDeviceList, 'list' | 'signature'> | undefined {
  const [label, userId, identity, versionBytes, entries, ...more] = splitFields(list) ?? [];
  if (label?.toString() !== DEVICE_LIST_LABEL || !userId || identity?.length !== KEY_LENGTH) return undefined;
  const version = readNumber(versionBytes);
  const devices = entries && splitFields(entries)?.map(readDevice);
  if (!devices || !areSound(devices) || more.length > 0) return undefined;
  return version > 0 && version <= MAX_VERSION ? { userId: userId.toString(), identity, version, devices } : undefined;
}

function readDevice(entry: Buffer): ReadDevice | undefined {
  const [id, signingKey, receivingKey, from, until, ...more] = splitFields(entry) ?? [];
  if (!id || signingKey?.length !== KEY_LENGTH || !receivingKey || more.length > 0) return undefined;
  return { id: id.toString(), signingKey, receivingKey, from: readNumber(from), until: readNumber(until) };
}

/** No two devices have the same id or signing key. */
function areSound(devices: readonly (ReadDevice | undefined)[]): devices is ReadDevice[] {
  const ids = new Set(devices.map((device) => device?.id));
  const signingKeys = new Set(devices.map((device) => device?.signingKey.toString('hex')));
  return devices.every(isSound) && ids.size === devices.length && signingKeys.size === devices.length;
}

/** Its id is a UUID in the form in which the database gives it back, and it receives if it lives. */
function isSound(device: ReadDevice | undefined): boolean {
  if (!device || !isUUID(device.id) || device.id !== device.id.toLowerCase()) return false;
  const { receivingKey, from, until } = device;
  return until === 0
    ? from >= 0 && receivingKey.length === RECEIVING_KEY_LENGTH
    : until >= from && receivingKey.length === 0;
}

/** @returns NaN for anything but a whole number in eight bytes that JavaScript has exactly */
function readNumber(bytes: Buffer | undefined): number {
  const number = bytes?.length === 8 ? Number(bytes.readBigUInt64BE()) : NaN;
  return Number.isSafeInteger(number) ? number : NaN;
}

/** @returns the fields of a list of fields, each of which stands behind its length; undefined for any other bytes */
function splitFields(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let offset = 0; offset < bytes.length;) {
    if (offset + 4 > bytes.length) return undefined;
    const end = offset + 4 + bytes.readUInt32BE(offset);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  return fields;
}
