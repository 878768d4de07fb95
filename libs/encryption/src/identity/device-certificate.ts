import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { type SigningKey, verifySignature } from '../bytes/signing';
import { type Device } from './device';

/**
 * A device with the word of its user’s identity that it is theirs: enough to verify what it signed, for everybody and at
 * any time. Unlike a device list it never changes, so it says nothing of the device’s end.
 */
export interface CertifiedDevice {
  readonly userId: string;
  /** The public identity key of the user. */
  readonly identity: Bytes;
  readonly deviceId: string;
  readonly signingKey: Bytes;
  /** The signature of the identity over all that. */
  readonly certificate: Bytes;
}

/** @returns the device under the signature of its user’s identity key */
export async function certifyDevice(
  { userId, deviceId, signing }: Omit<Device, 'receiving'>,
  identity: SigningKey,
): Promise<CertifiedDevice> {
  const device = { userId, identity: identity.publicKey, deviceId, signingKey: signing.publicKey };
  return { ...device, certificate: await identity.sign(certificateFields(device)) };
}

/** @returns whether the identity has signed that the device is its user’s */
export function isCertified({ certificate, ...device }: CertifiedDevice): Promise<boolean> {
  return verifySignature(device.identity, certificateFields(device), certificate);
}

function certificateFields({ userId, identity, deviceId, signingKey }: Omit<CertifiedDevice, 'certificate'>): Bytes {
  return encodeFields('deviceCertificate', [userId, identity, deviceId, signingKey]);
}
