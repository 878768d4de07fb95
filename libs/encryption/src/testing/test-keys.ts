import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type FindDeviceList } from '../identity/device-list';
import { answerKeyRequest } from '../keys/giving-keys';
import { type SignedKeyAnswer } from '../keys/key-answer';
import { type KeyRequest, type SignedKeyRequest, signKeyRequest } from '../keys/key-request';
import { openKeyAnswer } from '../keys/taking-keys';
import { type EpochRecord } from '../room/ports';
import { createEpochKey } from '../seal/epoch-key';
import { epochDeviceOf, type TestDevice, TestPerson } from './people';
import { admitted, TestChain } from './test-chain';

/** A room in which devices ask each other for keys. Ann and Bob were in epoch 3; Bob’s laptop and Mallory came later. */
export class TestKeys {
  readonly epoch: EpochRecord;

  private constructor(
    readonly test: TestChain,
    readonly ann: TestPerson,
    readonly bob: TestPerson,
    readonly mallory: TestPerson,
    readonly laptop: TestDevice,
  ) {
    this.epoch = this.keptEpoch(3, [ann.device, bob.device]);
  }

  /** @returns the room; the others are people whom nobody has let in yet */
  static async create(...others: TestPerson[]): Promise<TestKeys> {
    const create = (name: string): Promise<TestPerson> => TestPerson.create(name);
    const [ann, bob, mallory] = await Promise.all([create('ann'), create('bob'), create('mallory')]);
    const test = await TestChain.found('room', ann.device, bob, mallory, ...others);
    for (const person of [bob, mallory]) await test.append(ann.device, admitted(person));
    return new TestKeys(test, ann, bob, mallory, await bob.addDevice('laptop'));
  }

  /** @returns an epoch of those devices that begins now, with what differs */
  keptEpoch(number: number, devices: readonly TestDevice[], change: Partial<EpochRecord> = {}): EpochRecord {
    return {
      groupId: this.test.chain.groupIds[0] ?? new Uint8Array(),
      epoch: number,
      secret: new Uint8Array(32).fill(number),
      roster: devices.map(epochDeviceOf),
      chainLength: this.test.chain.hashes.length,
      ...change,
    };
  }

  /** @returns a request for the keys of those epochs, with what differs */
  async ask(
    by: TestDevice,
    epochs: readonly EpochRecord[] = [this.epoch],
    change: Partial<KeyRequest> = {},
  ): Promise<SignedKeyRequest> {
    const keyIds = await Promise.all(epochs.map(keyIdOf));
    return signKeyRequest({ roomId: this.test.roomId, asker: by.leafIdentity(), keyIds, ...change }, by);
  }

  /** @returns what Ann’s phone answers, which has those epochs */
  async answer(request: SignedKeyRequest, has: readonly EpochRecord[] = [this.epoch]) {
    const epochs = new Map(await Promise.all(has.map(async (one) => [hexOf(await keyIdOf(one)), one] as const)));
    const findEpoch = async (keyId: Bytes): Promise<EpochRecord | null> => epochs.get(hexOf(keyId)) ?? null;
    const { device } = this.ann;
    return answerKeyRequest(request, { device, leaf: device.leafIdentity(), findEpoch, ...this.known });
  }

  /** @returns an answer that there must be */
  async answerTo(request: SignedKeyRequest, has?: readonly EpochRecord[]): Promise<SignedKeyAnswer> {
    const answered = await this.answer(request, has);
    if ('refused' in answered) throw new Error(`The request was refused: ${answered.refused}.`);
    return answered.answer;
  }

  /** @returns what the asking device makes of an answer */
  async take(request: SignedKeyRequest, answer: SignedKeyAnswer, by = this.laptop) {
    return openKeyAnswer(request, answer, { device: by, ...this.known });
  }

  /** @returns how much the asking device gets from Ann’s phone, or why it gets nothing */
  async give(by: TestDevice, epochs: readonly EpochRecord[] = [this.epoch], has = epochs) {
    const request = await this.ask(by, epochs);
    const answered = await this.answer(request, has);
    if ('refused' in answered) return answered.refused;
    const taken = await this.take(request, answered.answer, by);
    return 'refused' in taken ? taken.refused : { given: taken.epochs.length, withheld: taken.withheld.length };
  }

  /** Ends a device by the chain, while the server holds back the list that says so. */
  async endByChain({ person, deviceId }: TestDevice): Promise<void> {
    await this.test.append(person.device, { kind: 'device_ended', deviceId });
  }

  private get known() {
    return { chain: this.test.chain, deviceListOf: this.deviceListOf };
  }

  private readonly deviceListOf: FindDeviceList = (userId, identity) =>
    this.test.people.find((one) => one.userId === userId && equalBytes(one.identity.publicKey, identity))?.list ?? null;
}

/** @returns the id by which messages name the key of the epoch */
export async function keyIdOf(epoch: EpochRecord): Promise<Bytes> {
  return (await createEpochKey(epoch.secret, epoch)).keyId;
}
