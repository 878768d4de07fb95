import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { type Device } from './device';

/**
 * @returns what shows the server that the session of its user is on this device. The server can have any session signed,
 *   which says nothing to anybody else.
 */
export function signDeviceSession(device: Omit<Device, 'receiving'>, sessionId: string): Promise<Bytes> {
  return device.signing.sign(encodeFields('deviceSession', [device.userId, device.deviceId, sessionId]));
}
