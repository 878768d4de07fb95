import { type Bytes, randomBytes } from '../bytes/bytes';
import { createGroupId } from '../chain/group-id';
import { sealToKey } from '../identity/receiving';
import { type EpochRecord } from '../room/ports';
import { type EpochDevice } from '../seal/epoch-key';
import { epochDeviceOf, TestPerson } from '../testing/people';
import { keyIdOf, TestKeys } from '../testing/test-keys';
import { encodeGivenKeys, type GivenKeys, type KeyAnswer, keyAnswerFrame, signKeyAnswer } from './key-answer';
import { hashKeyRequest, type SignedKeyRequest } from './key-request';

let carl: TestPerson;
let room: TestKeys;

beforeEach(async () => {
  carl = await TestPerson.create('carl');
  room = await TestKeys.create(carl);
});

describe('an answer', () => {
  let request: SignedKeyRequest;
  beforeEach(async () => (request = await room.ask(room.laptop)));

  /** @returns what becomes of an answer by hand */
  const takeForged = async (
    { epochs = [room.epoch], withheld = [] }: Partial<GivenKeys>,
    by = room.ann.device,
    { to = room.laptop.receiving.publicKey, ...change }: Partial<KeyAnswer> & { to?: Bytes } = {},
  ) => {
    const head = { requestHash: await hashKeyRequest(request), answerer: by.leafIdentity(), ...change };
    const sealed = await sealToKey(to, keyAnswerFrame(head), encodeGivenKeys({ epochs, withheld }));
    const taken = await room.take(request, await signKeyAnswer({ ...head, sealed }, by));
    return 'refused' in taken ? taken.refused : 'taken';
  };
  const honest = () => room.answerTo(request);

  it('is taken as it was made', async () => {
    expect(await takeForged({})).toBe('taken');
    expect(await room.take(request, await honest())).toMatchObject({ epochs: [{ epoch: 3 }] });
  });

  it.each<[string, (one: EpochRecord) => Partial<EpochRecord>]>([
    ['secret', () => ({ secret: randomBytes(32) })],
    ['epoch', () => ({ epoch: 4 })],
    ['group', () => ({ groupId: createGroupId(room.test.roomId, 0) })],
    ['roster, without somebody', ({ roster }) => ({ roster: roster.slice(0, 1) })],
    ['roster, with somebody', ({ roster }) => ({ roster: [...roster, epochDeviceOf(room.mallory.device)] })],
    ['key of somebody', ({ roster }) => ({ roster: roster.map((one) => ({ ...one, signingKey: randomBytes(32) })) })],
  ])('with another %s than its key id says is refused', async (_, change) => {
    expect(await takeForged({ epochs: [{ ...room.epoch, ...change(room.epoch) }] })).toBe('other_secret');
  });

  it('with more than was asked for, or one twice, is refused', async () => {
    expect(await takeForged({ epochs: [room.epoch, room.keptEpoch(4, [room.ann.device])] })).toBe('other_secret');
    expect(await takeForged({ epochs: [room.epoch, room.epoch] })).toBe('other_secret');
    expect(await takeForged({ epochs: [], withheld: [randomBytes(16)] })).toBe('malformed');
    expect(await takeForged({ withheld: [await keyIdOf(room.epoch)] })).toBe('malformed');
  });

  it('that is sealed to another device is refused', async () => {
    const to = room.bob.device.receiving.publicKey;
    expect(await takeForged({}, room.ann.device, { to })).toBe('not_for_this_device');
    const others = await room.answerTo(await room.ask(room.bob.device));
    expect(await room.take(request, others)).toEqual({ refused: 'other_request' });
  });

  it('to another request of the same device is refused', async () => {
    const later = await room.ask(room.laptop, [room.keptEpoch(4, [room.ann.device])]);
    expect(await room.take(later, await honest())).toEqual({ refused: 'other_request' });
  });

  it('by somebody who was not in the epoch is refused, also with the right secret', async () => {
    expect(await takeForged({}, room.mallory.device)).toBe('not_in_epoch');
  });

  it.each<[string, string, () => Promise<string>]>([
    ['a ghost', 'unknown_device', async () => takeForged({}, await room.ann.addDevice('ghost', { isGhost: true }))],
    [
      'another device than it says',
      'forged',
      () => takeForged({}, room.mallory.device, { answerer: room.ann.device.leafIdentity() }),
    ],
    [
      'a device that has ended',
      'ended_device',
      async () => {
        room.ann.endDevice('phone');
        return takeForged({});
      },
    ],
    [
      'a device whose list is not here yet',
      'list_behind',
      () => takeForged({}, room.ann.device, { answerer: { ...room.ann.device.leafIdentity(), listVersion: 9 } }),
    ],
  ])('by %s is refused: %s', async (_, refused, taken) => {
    expect(await taken()).toBe(refused);
  });

  it('by a device that has ended by the chain is refused, while the server holds back the list', async () => {
    const tablet = await room.ann.addDevice('tablet');
    await room.endByChain(tablet);
    expect(await takeForged({}, tablet)).toBe('ended_device');
  });

  it('is taken from a device that its user added after the epoch', async () => {
    expect(await takeForged({}, await room.ann.addDevice('tablet'))).toBe('taken');
  });

  it('that was changed on the way is refused', async () => {
    const { answer: bytes, signature } = await honest();
    const changed = bytes.with(-1, bytes.at(-1)! ^ 1);
    expect(await room.take(request, { answer: changed, signature })).toEqual({ refused: 'forged' });
    expect(await room.take(request, { answer: bytes.slice(0, -1), signature })).toEqual({ refused: 'malformed' });
  });

  describe('of an epoch that somebody made up, with a message of it', () => {
    const takeMadeUp = async (change: Partial<EpochRecord>): Promise<string> => {
      const madeUp = room.keptEpoch(7, [room.mallory.device, room.ann.device, room.laptop], change);
      request = await room.ask(room.laptop, [madeUp]);
      return takeForged({ epochs: [madeUp] }, room.mallory.device);
    };
    const asAnn = (change: Partial<EpochDevice>): EpochDevice => ({ ...epochDeviceOf(room.ann.device), ...change });
    const withAnn = (change: Partial<EpochDevice>): Partial<EpochRecord> => ({
      roster: [epochDeviceOf(room.mallory.device), asAnn(change)],
    });

    it.each<[string, string, () => Partial<EpochRecord>]>([
      [
        'a device of another user under a key of its own',
        'ghost_device',
        () => withAnn({ signingKey: randomBytes(32) }),
      ],
      ['a device that nobody signed', 'ghost_device', () => withAnn({ deviceId: 'ghost' })],
      [
        'a user whom nobody let in',
        'not_admitted',
        () => ({ roster: [room.mallory.device, carl.device].map(epochDeviceOf) }),
      ],
      [
        'an identity of its own for another user',
        'not_admitted',
        () => withAnn({ identity: room.mallory.identity.publicKey }),
      ],
      [
        'one device twice',
        'leaf_twice',
        () => ({ roster: [room.mallory.device, room.mallory.device].map(epochDeviceOf) }),
      ],
      ['a group of another room', 'other_group', () => ({ groupId: createGroupId('other', 0) })],
    ])('is refused with %s: %s', async (_, refused, change) => {
      expect(await takeMadeUp(change())).toBe(refused);
    });
  });

  it('with anything else sealed in it is refused', async () => {
    const head = { requestHash: await hashKeyRequest(request), answerer: room.ann.device.leafIdentity() };
    const sealed = await sealToKey(room.laptop.receiving.publicKey, keyAnswerFrame(head), randomBytes(9));
    expect(await room.take(request, await signKeyAnswer({ ...head, sealed }, room.ann.device))).toEqual({
      refused: 'malformed',
    });
  });
});
