import { type Bytes } from '../bytes/bytes';
import { verifySignature } from '../bytes/signing';
import { type DeviceList, findListedDevice, type ListedDevice } from './device-list';

/** Why nothing is taken from the device that says it has signed it. `list_behind`: its user's list must be fetched. */
export type AuthorRefusal = 'list_behind' | 'unknown_device' | 'forged';

/**
 * @param list the newest list of the user under the identity that the author names; null if there is none here
 * @returns the device that signed the bytes, alive or ended
 */
export async function verifyAuthor(
  list: DeviceList | null,
  { deviceId, listVersion }: { readonly deviceId: string; readonly listVersion: number },
  bytes: Bytes,
  signature: Bytes,
): Promise<ListedDevice | { readonly refused: AuthorRefusal }> {
  if (!list || list.version < listVersion) return { refused: 'list_behind' };
  const device = findListedDevice(list, deviceId);
  if (!device) return { refused: 'unknown_device' };
  return (await verifySignature(device.signingKey, bytes, signature)) ? device : { refused: 'forged' };
}
