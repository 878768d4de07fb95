import { type Bytes, equalBytes, sha256 } from '../../bytes/bytes';
import { type SigningKey } from '../../bytes/signing';
import { type Device } from '../../identity/device';
import { knownPersonOf } from '../../testing/known-people';
import { memoryVault, MemoryVaultServer, MemoryVaultStore } from '../../testing/memory-vault';
import { type TestPerson } from '../../testing/people';
import { type LogPosition, type VaultDelivery, type VaultEntry, type VaultWrap } from '../ports';
import { type Vault, type VaultView } from '../vault';
import { beginGeneration } from '../vault-generation';
import { decodeVaultHeader, type VaultHeader } from '../vault-header';
import { openVaultKey } from '../vault-key';
import { LOG_START, positionAfter } from '../vault-log';
import { type VaultRecord } from '../vault-record';
import { VaultRefusal, type VaultRefusalReason } from '../vault-refusal';

/** Five entries of a vault with two devices, one of which is shown what a server, or whoever has its keys, makes up. */
export class AttackedVault {
  readonly server = new MemoryVaultServer();
  readonly laptopStore = new MemoryVaultStore();
  readonly phone: Vault;
  readonly laptop: Vault;

  private constructor(readonly person: TestPerson) {
    this.phone = memoryVault(this.deviceOf('phone'), this.server);
    this.laptop = memoryVault(this.deviceOf('laptop'), this.server, { store: this.laptopStore });
  }

  /** @returns the vault of a person with the devices `phone` and `laptop`, which both have read all of it */
  static async create(person: TestPerson): Promise<AttackedVault> {
    const attacked = new AttackedVault(person);
    await attacked.phone.create(person.identitySeed);
    await attacked.phone.append([personOf('bob'), personOf('carl'), epochOf(1)]);
    await attacked.laptop.openByDevice(await attacked.phone.followDevices(person.list));
    return attacked;
  }

  deviceOf(deviceId: string): Device {
    const device = this.person.devices.find((one) => one.deviceId === deviceId);
    if (!device) throw new Error('This person has no such device.');
    return device;
  }

  /** @returns a server that is the other one except where it lies */
  lying(lies: Partial<VaultDelivery>): VaultDelivery {
    return Object.assign(Object.create(this.server) as MemoryVaultServer, lies);
  }

  /** @returns a server with another log */
  showing(entries: readonly VaultEntry[]): VaultDelivery {
    return this.lying({ fetchLog: async (from) => entries.slice(from) });
  }

  /** @returns a server that goes on from here by itself */
  copyServer(): MemoryVaultServer {
    const copy = new MemoryVaultServer();
    copy.entries.push(...this.server.entries);
    copy.wraps.push(...this.server.wraps);
    return copy;
  }

  /** @returns why the laptop refuses it, which has read everything until now; it then keeps what it had */
  async judge(delivery: VaultDelivery): Promise<VaultRefusalReason | undefined> {
    const store = this.laptopStore;
    const before = [await store.readVault(), [...store.records]];
    const refused = await refusalOf(memoryVault(this.deviceOf('laptop'), delivery, { store }).catchUp());
    if (refused) expect([await store.readVault(), [...store.records]]).toEqual(before);
    return refused;
  }

  /** @returns why a device refuses it that reads for the first time, and was told of the first entry alone */
  async judgeAnew(delivery: VaultDelivery, handedOver?: Pick<VaultView, 'identity' | 'floor'>) {
    const store = new MemoryVaultStore();
    const { length, head } = await this.positionBehind(this.server.entries.slice(0, 1));
    const told = handedOver ?? { identity: this.person.identity.publicKey, floor: { length, head } };
    const refused = await refusalOf(memoryVault(this.deviceOf('laptop'), delivery, { store }).openByDevice(told));
    if (refused) expect(store.records.size).toBe(0);
    return refused;
  }

  async positionBehind(entries: readonly VaultEntry[]): Promise<LogPosition> {
    let position = LOG_START;
    for (const entry of entries) position = await positionAfter(position, entry);
    return position;
  }

  get headers(): VaultHeader[] {
    return this.server.entries.flatMap((entry) =>
      entry.kind === 'header' ? (decodeVaultHeader(entry.header) ?? []) : [],
    );
  }

  get newestHeader(): VaultHeader {
    const header = this.headers.at(-1);
    if (!header) throw new Error('The log has no header.');
    return header;
  }

  async keyOf(deviceId: string, header = this.newestHeader): Promise<Bytes> {
    return openVaultKey(header, await this.server.fetchWraps(header.generation), this.deviceOf(deviceId).receiving);
  }

  async wrapOf(deviceId: string, generation: number): Promise<VaultWrap | undefined> {
    const recipient = await sha256(this.deviceOf(deviceId).receiving.publicKey);
    return this.server.wraps.find((wrap) => wrap.generation === generation && equalBytes(wrap.recipient, recipient));
  }

  /** @returns the next generation as somebody makes it who has identity and vault key, with what they make wrong */
  async nextGeneration(
    change: Partial<VaultHeader> = {},
    {
      keyBefore,
      signer = this.person.identity,
      devices = ['phone', 'laptop'],
    }: { keyBefore?: Bytes; signer?: SigningKey; devices?: readonly string[] } = {},
  ) {
    const before = this.newestHeader;
    const previous = (await this.positionBehind(this.server.entries)).head;
    const start = { ...before, generation: before.generation + 1, previous, ...change };
    const publicKeys = devices.map((deviceId) => this.deviceOf(deviceId).receiving.publicKey);
    return beginGeneration(signer, start, keyBefore ?? (await this.keyOf('phone')), publicKeys);
  }
}

/** @returns why it was refused; nothing if it was not */
export function refusalOf(running: Promise<unknown>): Promise<VaultRefusalReason | undefined> {
  return running.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof VaultRefusal) return error.reason;
      throw error;
    },
  );
}

/** @returns the record that pins somebody */
export function personOf(userId: string): Extract<VaultRecord, { kind: 'person' }> {
  return { kind: 'person', person: knownPersonOf(userId), pinnedBefore: null };
}

/** @returns the record of an epoch */
export function epochOf(epoch: number): Extract<VaultRecord, { kind: 'epoch' }> {
  return {
    kind: 'epoch',
    groupId: new Uint8Array(40),
    epoch,
    secret: new Uint8Array(32).fill(epoch),
    roster: [],
    chainLength: 1,
  };
}
