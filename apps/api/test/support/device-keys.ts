import type { SignedDeviceListDto } from '@webcall/contracts';
import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';
import type { RestClient, RestResponse } from './rest';
import type { TestUser } from './test-app';

type Field = Buffer | string | number | readonly Field[];

/** Fields in the encoding of libs/encryption, also such as the library would never make. */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField).flatMap((field) => [uint32(field.length), field]));
}

function encodeField(field: Field): Buffer {
  if (typeof field === 'string') return Buffer.from(field);
  if (typeof field !== 'number') return Buffer.isBuffer(field) ? field : encodeFields(field);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(field));
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

class SigningKeys {
  private readonly secret: KeyObject;
  readonly publicKey: Buffer;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.secret = privateKey;
    this.publicKey = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  }

  sign(message: Buffer): string {
    return sign(null, message, this.secret).toString('base64url');
  }
}

/** A device with its signing key. */
export class RawDevice extends SigningKeys {
  private readonly receivingKey = randomBytes(1216);

  constructor(readonly id: string = randomUUID()) {
    super();
  }

  signSession(userId: string, sessionId: string): string {
    return this.sign(encodeFields(['webcall device session 1', userId, this.id, sessionId]));
  }

  /** Makes the session of a client one of this device. */
  async bind(client: RestClient, userId: string): Promise<RestResponse> {
    const { sessionId } = (await client.request('GET /devices')).body;
    const signature = this.signSession(userId, sessionId);
    return client.request('PUT /devices/:deviceId/session', { deviceId: this.id, body: { signature } });
  }

  /** As a list has it; `until` is 0 while it lives. */
  entry(until = 0, { receivingKey = this.receivingKey.subarray(until && 1216), from = 1 } = {}): Field[] {
    return [this.id, this.publicKey, receivingKey, from, until];
  }
}

/** An identity key, which signs whatever it is given. */
export class RawIdentity extends SigningKeys {
  signBytes(list: Buffer): SignedDeviceListDto {
    return { list: list.toString('base64url'), signature: this.sign(list) };
  }

  /** @param entries of devices, see `RawDevice.entry` */
  signList(userId: string, version: number, entries: readonly Field[]): SignedDeviceListDto {
    return this.signBytes(encodeFields(['webcall device list 1', userId, this.publicKey, version, entries]));
  }
}

/** A user with an identity and one device, to which the session of `user.rest` belongs. */
export interface ListedUser {
  readonly identity: RawIdentity;
  readonly device: RawDevice;
}

/** Begins the identity of a user with a list of one device, and leaves a key package if there is one. */
export async function listDevice(user: TestUser, keyPackage?: Buffer): Promise<ListedUser> {
  const [identity, device] = [new RawIdentity(), new RawDevice()];
  const list = identity.signList(user.id, 1, [device.entry()]);
  const answers = [await user.rest.request('PUT /devices/list', { body: list }), await device.bind(user.rest, user.id)];
  if (keyPackage) {
    const body = { keyPackage: keyPackage.toString('base64url') };
    answers.push(await user.rest.request('PUT /devices/key-package', { body }));
  }
  const failed = answers.find(({ status }) => status !== 204);
  if (failed) throw new Error(`listing a device was answered with ${failed.status}: ${JSON.stringify(failed.body)}`);
  return { identity, device };
}
