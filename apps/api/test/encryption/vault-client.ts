import {
  type AppendToVaultDto,
  type SentVaultRecordDto,
  type VaultEntryDto,
  type VaultHeaderDto,
  type VaultWrapDto,
} from '@webcall/contracts';
import { createHash, randomBytes } from 'node:crypto';
import { listDevice, type ListedUser, RawDevice, RawIdentity } from '../support/device-keys';
import type { RestClient } from '../support/rest';
import { newDevice, newUser, type TestApp, type TestUser } from '../support/test-app';

/** @returns random bytes in base64url */
export const randomText = (length: number): string => randomBytes(length).toString('base64url');

export const newRecord = (size = 92) => ({ recordId: randomText(16), box: randomText(size) });
export const newHeader = (): VaultHeaderDto => ({ header: randomText(300), signature: randomText(64) });
export const newWrap = (): VaultWrapDto => ({
  recipient: randomText(32),
  encapsulated: randomText(1120),
  box: randomText(48),
});

/** @returns what is appended to a log of that length */
export const step = (length: number, more: Partial<AppendToVaultDto> = {}): AppendToVaultDto => ({
  ...{ length, records: [], wraps: [], erased: [] },
  ...more,
});

/** @returns the hash of a box, as the log has it */
export const hashOf = (box: string): string =>
  createHash('sha256').update(Buffer.from(box, 'base64url')).digest('base64url');

/** @returns the record as an entry of the log */
export const recordEntry = (generation: number, { recordId, box = '' }: SentVaultRecordDto): VaultEntryDto => ({
  header: null,
  record: { generation, recordId, box, boxHash: hashOf(box) },
});

export const taken = (length: number) => ({ status: 200, body: { taken: true, length } });
export const notTaken = (length: number) => ({ status: 200, body: { taken: false, length } });
export const refused = (status: number, code: string) => ({ status, body: { error: { code } } });

/** A vault as one device sees it. */
export class VaultClient {
  constructor(
    readonly rest: RestClient,
    readonly identity: string,
  ) {}

  append(body: AppendToVaultDto) {
    return this.rest.request('POST /vaults/:identity/entries', { identity: this.identity, body });
  }

  async entries(from = 0): Promise<VaultEntryDto[]> {
    const { body } = await this.rest.request('GET /vaults/:identity/entries', {
      identity: this.identity,
      query: { from },
    });
    return body.next === null ? body.entries : [...body.entries, ...(await this.entries(body.next))];
  }

  deleteVault(identity: string) {
    return this.rest.request('DELETE /vaults/:identity', { identity });
  }

  addWraps(generation: number, wraps: VaultWrapDto[]) {
    return this.rest.request('POST /vaults/:identity/wraps', { identity: this.identity, body: { generation, wraps } });
  }

  async wraps(generation: number): Promise<VaultWrapDto[]> {
    const { body } = await this.rest.request('GET /vaults/:identity/wraps', {
      identity: this.identity,
      query: { generation },
    });
    return body.wraps;
  }
}

export function vaultOf(rest: RestClient, { publicKey }: RawIdentity): VaultClient {
  return new VaultClient(rest, publicKey.toString('base64url'));
}

/** A user with two devices that both write into the vault. */
export interface VaultOwner {
  readonly ann: TestUser;
  readonly keys: ListedUser;
  readonly phone: VaultClient;
  readonly laptop: VaultClient;
}

export async function newVaultOwner(server: Pick<TestApp, 'url'>): Promise<VaultOwner> {
  const ann = await newUser(server, 'ann');
  const keys = await listDevice(ann);
  const laptop = vaultOf(await newDevice(server, ann), keys.identity);
  const second = new RawDevice();
  const list = keys.identity.signList(ann.id, 2, [keys.device.entry(), second.entry()]);
  await ann.rest.request('PUT /devices/list', { body: list });
  await second.bind(laptop.rest, ann.id);
  return { ann, keys, phone: vaultOf(ann.rest, keys.identity), laptop };
}

/** @returns the vault of somebody else, who has a device */
export async function newVaultOfBob(server: Pick<TestApp, 'url'>): Promise<VaultClient> {
  const bob = await newUser(server, 'bob');
  return vaultOf(bob.rest, (await listDevice(bob)).identity);
}
