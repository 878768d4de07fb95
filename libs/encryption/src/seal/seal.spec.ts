import { base64UrlOf, type Bytes, bytesOfBase64Url, hexOf } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { padBytes } from '../bytes/padding';
import { sealBytes } from '../bytes/symmetric';
import { MOST_LEAVES } from '../group/group-policy';
import { epochDeviceOf, type TestDevice, TestPerson } from '../testing/people';
import { chatKeyOf, createEpochKey, type EpochKey } from './epoch-key';
import { encodeFrame, type MessagePlace } from './message-frame';
import { findOutOfOrder, type IncomingEdit, judgeEdit, mayBePlain } from './message-order';
import { type MessageText, openMessage, type SealedBox, type SealedContent, sealMessage } from './sealed-message';

interface Text {
  text: string;
}

const groupId = new Uint8Array(36).fill(7);
const place: MessagePlace = { roomId: 'room', messageId: 'm1', kind: { type: 'post' }, userId: 'ann' };
const draft: MessageText<Text> = { content: { text: 'hello' }, after: ['m0'], replaces: null };
const readText = (json: unknown): Text | null =>
  typeof json === 'object' && json && 'text' in json && typeof json.text === 'string' ? { text: json.text } : null;

let [ann, bob]: TestDevice[] = [];
let key: EpochKey;
let message: SealedContent;

const epochKey = (epoch: number, ...devices: TestDevice[]): Promise<EpochKey> =>
  createEpochKey(new Uint8Array(32).fill(epoch), { groupId, epoch, roster: devices.map(epochDeviceOf) });
const open = (content: SealedContent, at = place, with_ = key) => openMessage(at, content, async () => with_, readText);

beforeAll(async () => {
  [ann, bob] = await Promise.all(['ann', 'bob'].map(async (name) => (await TestPerson.create(name)).device));
  key = await epochKey(3, ann!, bob!);
  message = await sealMessage(place, draft, key, ann!);
});

describe('a sealed message', () => {
  it('opens where it was sealed, and says whose it is', async () => {
    expect(await open(message)).toEqual({
      ...draft,
      deviceId: 'phone',
      identity: ann!.person.identity.publicKey,
      boxHash: expect.any(Uint8Array),
    });
    expect(Object.keys(message).sort()).toEqual(['box', 'device', 'keyId', 'type']);
    expect(key.secret.extractable).toBe(false);
  });

  it('has a length that tells little, and never the same bytes twice', async () => {
    const seal = (text: string) => sealMessage(place, { ...draft, content: { text } }, key, ann!);
    const boxes = await Promise.all(Array.from({ length: 60 }, (_, length) => seal('x'.repeat(length))));
    expect(new Set(boxes.map(({ box }) => box.length)).size).toBeLessThanOrEqual(5);
    expect((await seal('hello')).box).not.toBe(message.box);
  });

  it.each<[string, Partial<MessagePlace>]>([
    ['another room', { roomId: 'other' }],
    ['another id', { messageId: 'm2' }],
    ['an edit', { kind: { type: 'edit', n: 1 } }],
    ['a reaction', { kind: { type: 'reaction' } }],
  ])('does not open as one of %s', async (_, change) => {
    expect(await open(message, { ...place, ...change })).toEqual({ unreadable: 'changed_on_the_way' });
  });

  it('does not open as one of another epoch', async () => {
    const other = await epochKey(4, ann!, bob!);
    const moved = { ...message, keyId: base64UrlOf(other.keyId) };
    expect(await open(moved, place, other)).toEqual({ unreadable: 'changed_on_the_way' });
  });

  it('does not open as the next edit', async () => {
    const edit = { ...place, kind: { type: 'edit', n: 1 } } as const;
    const first = await sealMessage(edit, { ...draft, replaces: new Uint8Array(32) }, key, ann!);
    expect(await open(first, edit)).toMatchObject({ replaces: new Uint8Array(32) });
    expect(await open(first, { ...edit, kind: { type: 'edit', n: 2 } })).toEqual({ unreadable: 'changed_on_the_way' });
  });

  it.each<[string, string, (content: SealedContent) => SealedContent, Partial<MessagePlace>?]>([
    ['under another name', 'changed_on_the_way', (content) => content, { userId: 'bob' }],
    ['under the name of who is not there', 'unknown_device', (content) => content, { userId: 'carl' }],
    ['of another device', 'unknown_device', (content) => ({ ...content, device: 'laptop' })],
    ['with somebody to notify', 'changed_on_the_way', (content) => ({ ...content, notify: ['bob'] })],
    ['with too many to notify', 'changed_on_the_way', (content) => ({ ...content, notify: Array(51).fill('x') })],
    ['cut short', 'changed_on_the_way', (content) => ({ ...content, box: content.box.slice(0, 8) as SealedBox })],
    ['empty', 'changed_on_the_way', (content) => ({ ...content, box: '' as SealedBox })],
    ['of no base64', 'changed_on_the_way', (content) => ({ ...content, box: '$' as SealedBox })],
    ['with a key id of no base64', 'changed_on_the_way', (content) => ({ ...content, keyId: '$' })],
  ])('does not open %s: %s', async (_, unreadable, change, at = {}) => {
    expect(await open(change(message), { ...place, ...at })).toEqual({ unreadable });
  });

  it('does not open with any bit changed', async () => {
    const box = bytesOfBase64Url(message.box)!;
    for (let i = 0; i < box.length; i += 7) {
      const changed = base64UrlOf(box.with(i, box[i]! ^ 1)) as SealedBox;
      expect(await open({ ...message, box: changed })).toEqual({ unreadable: 'changed_on_the_way' });
    }
  });

  it('says why there is no key', async () => {
    for (const reason of ['before_you_came', 'key_not_here_yet'] as const)
      expect(await openMessage(place, message, async () => reason, readText)).toEqual({ unreadable: reason });
  });

  it('is not made by another member, who has the same key', async () => {
    const frame = encodeFrame({ ...place, keyId: key.keyId, deviceId: 'phone', notify: [] });
    const text = [JSON.stringify(draft.content), draft.after, new Uint8Array()] as const;
    const signature = await bob!.signing.sign(encodeFields('message', [frame, ...text]));
    const box = await sealBytes(
      await chatKeyOf(key, { userId: 'ann', deviceId: 'phone' }),
      frame,
      padBytes(encodeFields('messageBox', [...text, signature])),
    );
    expect(await open({ ...message, box: base64UrlOf(box) as SealedBox })).toEqual({
      unreadable: 'changed_on_the_way',
    });
  });

  it('counts only from who was there in its epoch', async () => {
    const without = { ...key, roster: [epochDeviceOf(bob!)] };
    expect(await open(message, place, without)).toEqual({ unreadable: 'unknown_device' });
  });

  it('with a content that is none is no message', async () => {
    const odd = await sealMessage(place, { ...draft, content: { html: '<b>' } }, key, ann!);
    expect(await open(odd)).toEqual({ unreadable: 'changed_on_the_way' });
  });

  it('names people in clear, whom nobody can change', async () => {
    const content = await sealMessage(place, draft, key, ann!, ['bob']);
    expect(content.notify).toEqual(['bob']);
    expect(await open(content)).toMatchObject({ content: draft.content });
    const { notify: _, ...without } = content;
    expect(await open(without)).toEqual({ unreadable: 'changed_on_the_way' });
  });

  it.each<[string, () => Promise<SealedContent>]>([
    ['of somebody else', () => sealMessage({ ...place, userId: 'bob' }, draft, key, ann!)],
    ['after five', () => sealMessage(place, { ...draft, after: [...'12345'] }, key, ann!)],
    ['with 51 to notify', () => sealMessage(place, draft, key, ann!, Array(51).fill('x'))],
  ])('%s is not sealed', async (_, seal) => {
    await expect(seal()).rejects.toThrow();
  });
});

describe('an epoch key', () => {
  it('has an id that depends on group, epoch, secret and roster', async () => {
    const secret = new Uint8Array(32).fill(3);
    const roster = [ann!, bob!].map(epochDeviceOf);
    const ids = await Promise.all([
      createEpochKey(secret, { groupId, epoch: 3, roster }),
      createEpochKey(secret, { groupId, epoch: 4, roster }),
      createEpochKey(secret, { groupId: new Uint8Array(36), epoch: 3, roster }),
      createEpochKey(new Uint8Array(32), { groupId, epoch: 3, roster }),
      createEpochKey(secret, { groupId, epoch: 3, roster: roster.slice(1) }),
      createEpochKey(secret, { groupId, epoch: 3, roster: roster.map((one) => ({ ...one, deviceId: 'other' })) }),
      createEpochKey(secret, { groupId, epoch: 3, roster: [] }),
    ]);
    expect(new Set(ids.map(({ keyId }) => hexOf(keyId))).size).toBe(7);
    expect(ids[0].keyId).toEqual(key.keyId);
    expect(hexOf(ids[6].keyId)).toMatchInlineSnapshot(`"7ee1f7fbdc157c6f6bdda9e6bc2b186e"`);
  });

  it('is one of as many devices as a group can have', async () => {
    const device = epochDeviceOf(ann!);
    const roster = Array.from({ length: MOST_LEAVES }, (_, i) => ({ ...device, deviceId: `${device.deviceId} ${i}` }));
    const secret = new Uint8Array(32).fill(3);
    const [one, other] = [roster, roster.with(-1, device)];
    const ids = await Promise.all([one, other].map((of) => createEpochKey(secret, { groupId, epoch: 3, roster: of })));
    expect(hexOf(ids[0]!.keyId)).not.toBe(hexOf(ids[1]!.keyId));
  });
});

describe('judgeEdit', () => {
  const hash = (n: number): Bytes => new Uint8Array(32).fill(n);
  const current = { userId: 'ann', edit: 1, boxHash: hash(1) };
  const edit: IncomingEdit = { userId: 'ann', edit: 2, boxHash: hash(2), replaces: hash(1) };

  it.each<[string, string, Partial<IncomingEdit>]>([
    ['the next one', 'accepted', {}],
    ['a later one, with some missing', 'accepted', { edit: 5, replaces: hash(4) }],
    ['the same again', 'repeated', { edit: 1, boxHash: hash(1), replaces: hash(0) }],
    ['another one with the same number', 'refused', { edit: 1 }],
    ['one from before', 'refused', { edit: 0 }],
    ['of somebody else', 'refused', { userId: 'bob' }],
    ['of something else', 'refused', { replaces: hash(9) }],
    ['of nothing', 'refused', { replaces: null }],
  ])('%s is %s', (_, outcome, change) => {
    expect(judgeEdit(current, { ...edit, ...change })).toBe(outcome);
  });
});

describe('findOutOfOrder', () => {
  const known = {
    seqOf: (id: string) => ({ a: 1, b: 2, c: 9 })[id],
    hasDisappeared: (id: string) => id === 'old',
  };

  it.each([
    ['all there', ['a', 'b'], [], []],
    ['one left out', ['a', 'x'], ['x'], []],
    ['one that disappeared', ['old', 'b'], [], []],
    ['one moved behind', ['a', 'c'], [], ['c']],
  ])('%s', (_, after, missing, later) => {
    expect(findOutOfOrder(3, after, known)).toEqual({ missing, later });
  });
});

describe('mayBePlain', () => {
  it.each([
    ['text', 9, false],
    ['text', 4, true],
    ['sticker', 9, false],
    ['call', 9, true],
    ['ring', 9, true],
    ['deleted', 9, true],
    ['membership', 9, true],
    ['settings', 9, true],
  ])('%s at %d: %s', (type, seq, allowed) => {
    expect(mayBePlain(type, seq, 5)).toBe(allowed);
  });
});
