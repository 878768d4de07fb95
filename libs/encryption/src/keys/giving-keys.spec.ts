import { type Bytes, bytesOfBase64Url, randomBytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { createEpochKey } from '../seal/epoch-key';
import { openMessage, sealMessage } from '../seal/sealed-message';
import { TestPerson } from '../testing/people';
import { admitted, TestChain } from '../testing/test-chain';
import { TestKeys } from '../testing/test-keys';
import { decodeKeyRequest, MOST_KEYS_ASKED } from './key-request';

const GIVEN = { given: 1, withheld: 0 };
const WITHHELD = { given: 0, withheld: 1 };

/** Nobody has let them in yet: a stranger, and Bob with a new identity. */
let [carl, newBob]: TestPerson[] = [];
let room: TestKeys;

beforeEach(async () => {
  [carl, newBob] = await Promise.all(['carl', 'bob'].map((name) => TestPerson.create(name)));
  room = await TestKeys.create(carl!, newBob!);
});

describe('a device that asks for keys', () => {
  it('gets those of epochs in which its user was', async () => {
    const later = room.keptEpoch(4, [room.ann.device, room.bob.device]);
    const request = await room.ask(room.laptop, [room.epoch, later]);
    const answer = await room.answerTo(request, [room.epoch, later]);
    const epochs = [room.epoch, later].map((epoch) => ({ ...epoch, chainLength: null }));
    expect(await room.take(request, answer)).toEqual({ epochs, withheld: [] });
  });

  it('reads with them what was sealed before it came', async () => {
    const place = { roomId: room.test.roomId, messageId: 'm1', kind: { type: 'post' }, userId: 'ann' } as const;
    const draft = { content: 'hello', after: [], replaces: null };
    const message = await sealMessage(
      place,
      draft,
      await createEpochKey(room.epoch.secret, room.epoch),
      room.ann.device,
    );
    const request = await room.ask(room.laptop, [], { keyIds: [bytesOfBase64Url(message.keyId)!] });
    const taken = await room.take(request, await room.answerTo(request));
    const [record] = 'epochs' in taken ? taken.epochs : [];
    const findKey = async () => (record ? createEpochKey(record.secret, record) : 'key_not_here_yet');
    expect(await openMessage(place, message, findKey, String)).toMatchObject({ content: 'hello', deviceId: 'phone' });
  });

  it('gets what there is, and nothing if there is nothing', async () => {
    const later = room.keptEpoch(4, [room.bob.device]);
    expect(await room.give(room.laptop, [room.epoch, later], [room.epoch])).toEqual(GIVEN);
    expect(await room.give(room.laptop, [later], [room.epoch])).toBe('nothing_known');
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['in no list', 'unknown_device', async () => room.give(await room.bob.addDevice('ghost', { isGhost: true }))],
    [
      'of a user whom nobody let in',
      'not_admitted',
      async () => {
        const ofCarl = room.keptEpoch(3, [room.ann.device, carl!.device]);
        return room.give(carl!.device, [ofCarl]);
      },
    ],
    [
      'that has ended',
      'ended_device',
      async () => {
        room.bob.endDevice('laptop');
        return room.give(room.laptop);
      },
    ],
    [
      'that has ended by the chain, while the server holds back the list',
      'ended_device',
      async () => {
        await room.endByChain(room.laptop);
        return room.give(room.laptop);
      },
    ],
    [
      'whose list is not here yet',
      'list_behind',
      async () => {
        const asker = { ...room.laptop.leafIdentity(), listVersion: 9 };
        const answered = await room.answer(await room.ask(room.laptop, [room.epoch], { asker }));
        return 'refused' in answered && answered.refused;
      },
    ],
    [
      'whose receiving key is none',
      'cannot_receive',
      async () => {
        const receivingKey = new Uint8Array(1216).fill(0xff);
        const devices = room.bob.list.devices.map((one) => ({ ...one, receivingKey }));
        room.bob.list = { ...room.bob.list, devices };
        return room.give(room.laptop);
      },
    ],
  ])('gets nothing if it is one %s: %s', async (_, refused, given) => {
    expect(await given()).toBe(refused);
  });

  it('gets nothing of an epoch without its user, and hears that this is why', async () => {
    expect(await room.give(room.mallory.device)).toEqual(WITHHELD);
    const own = room.keptEpoch(4, [room.ann.device, room.mallory.device]);
    expect(await room.give(room.mallory.device, [room.epoch, own])).toEqual({ given: 1, withheld: 1 });
  });

  it('cannot ask in another’s name, or have a request changed', async () => {
    const asker = room.laptop.leafIdentity();
    const request = await room.ask(room.mallory.device, [room.epoch], { asker });
    expect(await room.answer(request)).toEqual({ refused: 'forged' });
    const honest = await room.ask(room.laptop);
    const other = await room.ask(room.laptop, [room.keptEpoch(9, [])]);
    expect(await room.answer({ ...honest, request: other.request })).toEqual({ refused: 'forged' });
    expect(await room.answer({ ...honest, request: honest.request.slice(0, -1) })).toEqual({ refused: 'malformed' });
    expect(await room.answer(await room.ask(room.laptop, [room.epoch], { roomId: 'other' }))).toEqual({
      refused: 'other_room',
    });
  });

  it('asks for each key once, for some, and for not too many', async () => {
    const signing = (keyIds: readonly Bytes[]) => room.ask(room.laptop, [], { keyIds });
    const ids = Array.from({ length: MOST_KEYS_ASKED + 1 }, () => randomBytes(16));
    expect(decodeKeyRequest((await signing(ids.slice(1))).request)?.keyIds).toEqual(ids.slice(1));
    for (const wrong of [[], ids, [ids[0]!, ids[0]!], [randomBytes(15)]])
      await expect(signing(wrong)).rejects.toThrow();
    const { userId, identity, deviceId, listVersion } = room.laptop.leafIdentity();
    const request = encodeFields('keyRequest', [room.test.roomId, [userId, identity, deviceId, listVersion], ids]);
    const signature = await room.laptop.signing.sign(request);
    expect(await room.answer({ request, signature })).toEqual({ refused: 'malformed' });
  });
});

describe('somebody who came later', () => {
  const allow = (allowed: boolean) => room.test.append(room.ann.device, { kind: 'earlier_messages', allowed });

  it('gets earlier keys only of epochs that began when the room had said so', async () => {
    await allow(true);
    const since = room.keptEpoch(4, [room.ann.device]);
    await room.test.append(room.ann.device, admitted(carl!));
    expect(await room.give(carl!.device, [since])).toEqual(GIVEN);
    expect(await room.give(carl!.device, [room.epoch])).toEqual(WITHHELD);
  });

  it('gets none once the room says otherwise, and none of the time between when it says so again', async () => {
    await allow(true);
    const since = room.keptEpoch(4, [room.ann.device]);
    await room.test.append(room.ann.device, admitted(carl!));
    await allow(false);
    expect(await room.give(carl!.device, [since])).toEqual(WITHHELD);
    await allow(true);
    expect(await room.give(carl!.device, [since])).toEqual(WITHHELD);
  });

  it('gets nothing of another room, be it that theirs says so', async () => {
    const other = await TestChain.found('other', room.ann.device);
    const elsewhere = room.keptEpoch(4, [room.ann.device], { groupId: other.chain.groupIds[0]! });
    await allow(true);
    expect(await room.give(room.mallory.device, [{ ...elsewhere, chainLength: 99 }])).toBe('nothing_known');
  });

  it('gets none from a device whose user was not there either', async () => {
    await allow(true);
    expect(await room.give(room.mallory.device, [room.keptEpoch(4, [room.bob.device])])).toBe('nothing_known');
  });

  it('gets none from a device that has the epoch itself from others', async () => {
    await allow(true);
    await room.test.append(room.ann.device, admitted(carl!));
    const fromOthers = room.keptEpoch(4, [room.ann.device], { chainLength: null });
    expect(await room.give(carl!.device, [fromOthers])).toEqual(WITHHELD);
  });
});

describe('a reset identity', () => {
  beforeEach(() => room.test.append(room.ann.device, admitted(newBob!)));

  it('gets nothing that was for the one before', async () => {
    expect(await room.give(newBob!.device)).toEqual(WITHHELD);
  });

  it('takes the right to ask from the one before, whose key may be in wrong hands', async () => {
    const thief = await room.bob.addDevice('thief');
    expect(await room.give(thief)).toBe('not_admitted');
  });
});
