import { type Bytes, equalBytes, randomBytes } from '../bytes/bytes';
import { createSigningKey, KEY_LENGTH, type SigningKey, signingKeyOfSeed } from '../bytes/signing';
import { type LeafIdentity } from '../group/credential';
import { type Groups } from '../group/group';
import { type Admission, type GroupPolicy } from '../group/group-policy';
import { mlsGroupsOf } from '../group/mls/mls-groups';
import { createDevice, type Device } from '../identity/device';
import { type CertifiedDevice, certifyDevice } from '../identity/device-certificate';
import { type DeviceList, hasLiveDevice, type ListedDevice } from '../identity/device-list';
import { type EpochDevice } from '../seal/epoch-key';

/** When everything in tests begins. */
export const START = Date.parse('2026-11-30T12:00:00Z');

/** A device of a person in a test, with what it makes groups with. */
export interface TestDevice extends Device {
  readonly person: TestPerson;
  readonly groups: Groups;
  readonly certified: CertifiedDevice;
  leafIdentity(): LeafIdentity;
}

/** A user with an identity key and devices. */
export class TestPerson {
  readonly devices: TestDevice[] = [];
  list: DeviceList;

  private constructor(
    readonly userId: string,
    readonly identity: SigningKey,
    readonly identitySeed: Bytes,
    private readonly groupsOf: (signing: SigningKey) => Groups,
  ) {
    this.list = { userId, identity: identity.publicKey, version: 0, devices: [] };
  }

  /** @returns a person with one device for each id */
  static async create(
    userId: string,
    deviceIds: readonly string[] = ['phone'],
    groupsOf = mlsGroupsOf,
  ): Promise<TestPerson> {
    const seed = randomBytes(KEY_LENGTH);
    const person = new TestPerson(userId, await signingKeyOfSeed(seed), seed, groupsOf);
    for (const deviceId of deviceIds) await person.addDevice(deviceId);
    return person;
  }

  /** @returns a further device, in the list; a ghost has keys, and the identity has never signed it */
  async addDevice(deviceId: string, { isGhost = false } = {}): Promise<TestDevice> {
    const device = await createDevice(this.userId, deviceId);
    const identity = this.identity.publicKey;
    const certified = await certifyDevice(device, isGhost ? await createSigningKey() : this.identity);
    const made: TestDevice = {
      ...device,
      person: this,
      certified: { ...certified, identity },
      groups: this.groupsOf(device.signing),
      leafIdentity: () => ({
        userId: this.userId,
        identity,
        deviceId,
        listVersion: this.list.version,
      }),
    };
    this.devices.push(made);
    if (!isGhost) this.listDevice(made);
    return made;
  }

  /** Takes a device away. */
  endDevice(deviceId: string, until = START + 1): void {
    this.change(
      this.list.devices.map((device) =>
        device.deviceId === deviceId ? { ...device, receivingKey: null, until } : device,
      ),
    );
  }

  /** Makes the list anew, of those devices alone, for another test with the same keys. */
  listOnly(deviceIds: readonly string[]): void {
    this.change(this.devices.filter(({ deviceId }) => deviceIds.includes(deviceId)).map(listedDevice));
  }

  /** Lists a device that is in no list yet. */
  listDevice(device: TestDevice): void {
    this.change([...this.list.devices, listedDevice(device)]);
  }

  isLive({ deviceId, signing }: Device): boolean {
    return hasLiveDevice(this.list, deviceId, signing.publicKey);
  }

  /** The first device. */
  get device(): TestDevice {
    const [device] = this.devices;
    if (!device) throw new Error('This person has no device.');
    return device;
  }

  private change(devices: DeviceList['devices']): void {
    this.list = { ...this.list, version: this.list.version + 1, devices };
  }
}

function listedDevice({ deviceId, signing, receiving }: Device): ListedDevice {
  return { deviceId, signingKey: signing.publicKey, receivingKey: receiving.publicKey, from: START, until: null };
}

/** @returns the device as the roster of an epoch has it */
export function epochDeviceOf({ person, deviceId, signing }: TestDevice): EpochDevice {
  const { userId, identity } = person;
  return { userId, identity: identity.publicKey, deviceId, signingKey: signing.publicKey };
}

/** A policy that a test can change at any time. */
export class TestPolicy implements GroupPolicy {
  private readonly admissions = new Map<TestPerson, Admission>();
  private readonly members = new Set<string>();

  constructor(...people: readonly TestPerson[]) {
    for (const person of people) this.setAdmission(person, 'admitted');
  }

  /** Lets in or out; who is out is no member either. */
  setAdmission(person: TestPerson, admission: Admission): void {
    this.admissions.set(person, admission);
    if (admission === 'admitted') this.members.add(person.userId);
    else this.members.delete(person.userId);
  }

  deviceListOf(userId: string, identity: Uint8Array): DeviceList | null {
    return this.find(userId, identity)?.list ?? null;
  }

  admissionOf(userId: string, identity: Uint8Array): Admission {
    const person = this.find(userId, identity);
    return (person && this.admissions.get(person)) ?? 'never';
  }

  isMember(userId: string): boolean {
    return this.members.has(userId);
  }

  private find(userId: string, identity: Uint8Array): TestPerson | undefined {
    return [...this.admissions.keys()].find(
      (person) => person.userId === userId && equalBytes(person.identity.publicKey, identity),
    );
  }
}
