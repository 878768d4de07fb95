import { type Bytes } from '../bytes/bytes';
import { type CommitNote } from '../group/commit-note';
import { type Group, type GroupChange, type PendingCommit } from '../group/group';
import { START, type TestDevice, TestPerson, TestPolicy } from './people';

/** A note for groups whose room has no chain. */
export const NOTE: CommitNote = { chainLength: 1, chainHead: new Uint8Array(32), memberVersion: 1, time: START };

/** Devices in one group, whose commits reach all of them at once: what an honest server does, without the server. */
export class TestGroup {
  readonly groups = new Map<TestDevice, Group>();

  private constructor(
    readonly groupId: Bytes,
    readonly policy: TestPolicy,
    readonly people: readonly TestPerson[],
  ) {}

  /** @returns a group of all devices of the people, made by the first device */
  static async create(...people: TestPerson[]): Promise<TestGroup> {
    const test = new TestGroup(crypto.getRandomValues(new Uint8Array(16)), new TestPolicy(...people), people);
    const [founder, ...others] = people.flatMap(({ devices }) => devices);
    if (!founder) throw new Error('A group has at least one device.');
    test.groups.set(founder, await founder.groups.create(test.groupId, founder.leafIdentity()));
    if (others.length > 0) await test.add(founder, ...others);
    return test;
  }

  /** @returns a group of three new people, of whom the first one has two devices */
  static async createOfThree(): Promise<TestGroup> {
    const people = [TestPerson.create('ann', ['phone', 'laptop']), TestPerson.create('bob'), TestPerson.create('carl')];
    return TestGroup.create(...(await Promise.all(people)));
  }

  /** @returns the group as the device sees it */
  of(device: TestDevice): Group {
    const group = this.groups.get(device);
    if (!group) throw new Error('This device is not in the group.');
    return group;
  }

  /** Any device’s key package. */
  async keyPackageOf(device: TestDevice) {
    return device.groups.createKeyPackage(device.leafIdentity(), START);
  }

  /** Adds devices by a commit of one. */
  async add(by: TestDevice, ...devices: TestDevice[]): Promise<PendingCommit> {
    const packages = await Promise.all(devices.map((device) => this.keyPackageOf(device)));
    const pending = await this.commit(by, { add: packages.map(({ keyPackage }) => keyPackage) });
    if (!pending.welcome) throw new Error('Whoever adds has a welcome.');
    for (const [i, device] of devices.entries()) {
      const secret = packages[i]?.secret ?? new Uint8Array();
      const joined = await device.groups.joinByWelcome(this.groupId, pending.welcome, secret, () => this.policy);
      if ('refused' in joined) throw new Error(`The welcome was refused: ${joined.refused}.`);
      this.groups.set(device, joined.group);
    }
    return pending;
  }

  /** Takes devices out by a commit of one. */
  async remove(by: TestDevice, ...devices: TestDevice[]): Promise<PendingCommit> {
    return this.commit(by, { remove: devices.map((device) => this.of(device).own.index) });
  }

  /** Lets a device in by its own commit. */
  async joinByCommit(device: TestDevice, by: TestDevice): Promise<void> {
    const info = await this.of(by).exportGroupInfo(NOTE);
    const leaf = device.leafIdentity();
    const joined = await device.groups.joinByCommit(this.groupId, info, leaf, NOTE, () => this.policy);
    if ('refused' in joined) throw new Error(`Joining was refused: ${joined.refused}.`);
    this.groups.delete(device);
    await this.deliver(joined.commit);
    this.groups.set(device, joined.group);
  }

  /** Makes a commit, and gives it to everybody. */
  async commit(by: TestDevice, change: GroupChange = {}): Promise<PendingCommit> {
    const pending = await this.of(by).prepareCommit(change, NOTE, this.policy);
    this.groups.delete(by);
    await this.deliver(pending.commit);
    this.groups.set(by, pending.group);
    return pending;
  }

  /** @returns the secrets of the epoch as all devices see them, each once */
  async secrets(): Promise<Set<string>> {
    const all = await Promise.all([...this.groups.values()].map((group) => group.exportEpochSecret()));
    return new Set(all.map((secret) => secret.join()));
  }

  private async deliver(commit: Bytes): Promise<void> {
    for (const [device, group] of this.groups) {
      const processed = await group.processCommit(commit, () => this.policy);
      if ('refused' in processed) throw new Error(`${device.deviceId} refused a commit: ${processed.refused}.`);
      if (processed.group) this.groups.set(device, processed.group);
      else this.groups.delete(device);
    }
  }
}
