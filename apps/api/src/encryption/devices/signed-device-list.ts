import type { SignedDeviceListDto } from '@webcall/contracts';
import { isUUID } from 'class-validator';
import { AppError } from '../../platform/http/app-error';
import { isSignedBy } from './device-signatures';

/** The first field of a device list, in the format that is read here. */
const DEVICE_LIST_LABEL = 'webcall device list 1';

const KEY_LENGTH = 32;

/** The largest version that the database stores. */
const MAX_VERSION = 2 ** 31 - 1;

/** A device as a list has it. */
export interface ReadDevice {
  readonly id: string;
  readonly signingKey: Buffer;
  readonly isLive: boolean;
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

function readDeviceList(list: Buffer): Omit<ReadDeviceList, 'list' | 'signature'> | undefined {
  const [label, userId, identity, versionBytes, entries, ...more] = splitFields(list) ?? [];
  if (label?.toString() !== DEVICE_LIST_LABEL || !userId || identity?.length !== KEY_LENGTH) return undefined;
  const version = readNumber(versionBytes);
  const devices = entries && splitFields(entries)?.map(readDevice);
  if (!devices || !areSound(devices) || more.length > 0) return undefined;
  return version > 0 && version <= MAX_VERSION ? { userId: userId.toString(), identity, version, devices } : undefined;
}

function readDevice(entry: Buffer): ReadDevice | undefined {
  const [id, signingKey, receivingKey, , until, ...more] = splitFields(entry) ?? [];
  if (!id || signingKey?.length !== KEY_LENGTH || !receivingKey || !until || more.length > 0) return undefined;
  return { id: id.toString(), signingKey, isLive: readNumber(until) === 0 };
}

/** Ids are UUIDs in the form in which the database gives them back, and no two devices have the same. */
function areSound(devices: readonly (ReadDevice | undefined)[]): devices is ReadDevice[] {
  const ids = devices.map((device) => device?.id);
  return ids.every((id) => isUUID(id) && id === id?.toLowerCase()) && new Set(ids).size === ids.length;
}

/** @returns NaN for anything but eight bytes */
function readNumber(bytes: Buffer | undefined): number {
  return bytes?.length === 8 ? Number(bytes.readBigUInt64BE()) : NaN;
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
