import { createSigningKey, type SigningKey } from '../bytes/signing';
import { createReceivingKey, type ReceivingKey } from './receiving';

/** A device with its private keys: one browser profile of one user, through all its sessions. */
export interface Device {
  readonly userId: string;
  readonly deviceId: string;
  /** Also the key of its leaf in every group. */
  readonly signing: SigningKey;
  readonly receiving: ReceivingKey;
}

/** @returns a device with new keys */
export async function createDevice(userId: string, deviceId: string): Promise<Device> {
  const [signing, receiving] = await Promise.all([createSigningKey(), createReceivingKey()]);
  return { userId, deviceId, signing, receiving };
}
