import type { SignedDeviceListDto } from '@webcall/contracts';
import {
  base64UrlOf,
  type Bytes,
  bytesOfBase64Url,
  type Device,
  type DeviceName,
  type KeyPackageDelivery,
  type PairingApproval,
  type RoomDelivery,
  type SentPairingRequest,
  signDeviceSession,
  type SignedDeviceList,
} from '@webcall/encryption';
import type { CallRoute } from './call-route';

/** The newest list of an identity, as the server has it: nobody has verified it yet. */
interface FetchedDeviceList {
  readonly userId: string;
  readonly identity: Bytes;
  readonly signed: SignedDeviceList;
}

/** Brings what devices say of themselves to the server, and fetches what it has of others. */
export class DevicesDelivery implements KeyPackageDelivery, Pick<RoomDelivery, 'fetchKeyPackage'> {
  constructor(private readonly callRoute: CallRoute) {}

  /** @returns whether the list was taken, now or before; false if another one was first */
  async sendDeviceList(list: SignedDeviceList): Promise<boolean> {
    return wasFirst(this.callRoute('PUT /devices/list', { body: listDto(list) }));
  }

  /** @returns the lists of those users who have one and whom this user meets */
  async fetchDeviceLists(userIds: readonly string[]): Promise<FetchedDeviceList[]> {
    const found: FetchedDeviceList[] = [];
    for (let asked = userIds; asked.length > 0;) {
      const { lists, rest } = await this.callRoute('GET /devices/lists', { query: { userIds: asked.join(',') } });
      for (const { userId, identity, ...signed } of lists)
        found.push({ userId, identity: bytesOf(identity), signed: signedOf(signed) });
      asked = rest;
    }
    return found;
  }

  /** @returns the last list of an identity that the user has or had */
  async fetchListOfIdentity(userId: string, identity: Bytes): Promise<SignedDeviceList> {
    const request = { userId, identity: base64UrlOf(identity) };
    return signedOf(await this.callRoute('GET /users/:userId/device-lists/:identity', request));
  }

  /** Makes the session of this client one of the device. */
  async bindSession(device: Device): Promise<void> {
    const { sessionId } = await this.callRoute('GET /devices');
    const signature = base64UrlOf(await signDeviceSession(device, sessionId));
    await this.callRoute('PUT /devices/:deviceId/session', { deviceId: device.deviceId, body: { signature } });
  }

  async sendKeyPackage(keyPackage: Bytes): Promise<void> {
    await this.callRoute('PUT /devices/key-package', { body: { keyPackage: base64UrlOf(keyPackage) } });
  }

  async fetchKeyPackage({ userId, deviceId }: DeviceName): Promise<Bytes | null> {
    const request = { userId, deviceId };
    const { keyPackage } = await this.callRoute('GET /users/:userId/devices/:deviceId/key-package', request);
    return keyPackage === null ? null : bytesOf(keyPackage);
  }

  async askForPairing(id: string, { request, mac }: SentPairingRequest): Promise<void> {
    const body = { id, request: base64UrlOf(request), mac: base64UrlOf(mac) };
    await this.callRoute('POST /devices/pairings', { body });
  }

  /** @returns what other sessions of this user ask, by the ids of their requests */
  async fetchPairings(): Promise<ReadonlyMap<string, SentPairingRequest>> {
    const { pairings } = await this.callRoute('GET /devices/pairings');
    return new Map(pairings.map(({ id, request, mac }) => [id, { request: bytesOf(request), mac: bytesOf(mac) }]));
  }

  /** @returns whether list and answer were taken; false if another list was first */
  async sendApproval(pairingId: string, { list, grant }: PairingApproval): Promise<boolean> {
    const sealed = { encapsulated: base64UrlOf(grant.encapsulated), box: base64UrlOf(grant.box) };
    const request = { pairingId, body: { ...listDto(list), ...sealed } };
    return wasFirst(this.callRoute('PUT /devices/pairings/:pairingId/approval', request));
  }

  /** @returns the answer to what this session has asked; null as long as there is none */
  async fetchApproval(pairingId: string): Promise<PairingApproval | null> {
    const { approval } = await this.callRoute('GET /devices/pairings/:pairingId/approval', { pairingId });
    if (!approval) return null;
    const grant = { encapsulated: bytesOf(approval.encapsulated), box: bytesOf(approval.box) };
    return { list: signedOf(approval), grant };
  }

  /** The new device has stored its approval, or an own device turns the request down. */
  async deletePairing(pairingId: string): Promise<void> {
    await this.callRoute('DELETE /devices/pairings/:pairingId', { pairingId });
  }
}

function listDto({ list, signature }: SignedDeviceList): SignedDeviceListDto {
  return { list: base64UrlOf(list), signature: base64UrlOf(signature) };
}

function signedOf({ list, signature }: SignedDeviceListDto): SignedDeviceList {
  return { list: bytesOf(list), signature: bytesOf(signature) };
}

function bytesOf(base64Url: string): Bytes {
  const bytes = bytesOfBase64Url(base64Url);
  if (!bytes) throw new Error('The server has sent no base64url.');
  return bytes;
}

async function wasFirst(sent: Promise<void>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'device_list_outdated') return false;
    throw error;
  }
}
