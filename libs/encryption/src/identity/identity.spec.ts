import { utf8Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { createSigningKey, type SigningKey, verifySignature } from '../bytes/signing';
import { createDevice, type Device } from './device';
import {
  acceptDeviceList,
  type DeviceList,
  findListedDevice,
  hasLiveDevice,
  type ListedDevice,
  signDeviceList,
} from './device-list';
import { signDeviceSession } from './device-session';
import { createReceivingKey, openWithKey, sealToKey } from './receiving';
import { safetyNumberOf } from './safety-number';

const listed = ({ deviceId, signing, receiving }: Device, until: number | null = null): ListedDevice => ({
  deviceId,
  signingKey: signing.publicKey,
  receivingKey: until === null ? receiving.publicKey : null,
  from: 1000,
  until,
});

describe('a device list', () => {
  let [identity, stranger]: SigningKey[] = [];
  let [phone, laptop]: Device[] = [];
  let first: DeviceList;

  beforeAll(async () => {
    [identity, stranger] = [await createSigningKey(), await createSigningKey()];
    [phone, laptop] = [await createDevice('ann', 'phone'), await createDevice('ann', 'laptop')];
    first = { userId: 'ann', identity: identity.publicKey, version: 1, devices: [listed(phone)] };
  });

  const next = (change: Partial<DeviceList>): DeviceList => ({ ...first, version: 2, ...change });
  const accept = async (known: DeviceList | null, list: DeviceList, signer = identity!) =>
    acceptDeviceList(identity!.publicKey, known, await signDeviceList(list, signer));

  it('is taken at first sight and when it goes on', async () => {
    expect(await accept(null, first)).toEqual({ list: first });
    expect(await accept(first, first)).toEqual({ list: first });
    const both = next({ devices: [listed(phone!), listed(laptop!)] });
    expect(await accept(first, both)).toEqual({ list: both });
    const ended = { ...both, version: 3, devices: [listed(phone!, 2000), listed(laptop!)] };
    expect(await accept(both, ended)).toEqual({ list: ended });
    expect(hasLiveDevice(ended, 'laptop', laptop!.signing.publicKey)).toBe(true);
    expect(hasLiveDevice(ended, 'laptop', phone!.signing.publicKey)).toBe(false);
    expect(hasLiveDevice(ended, 'phone', phone!.signing.publicKey)).toBe(false);
    expect(hasLiveDevice(ended, 'tablet', phone!.signing.publicKey)).toBe(false);
    expect(findListedDevice(ended, 'phone')?.until).toBe(2000);
  });

  it.each<[string, string, () => [DeviceList | null, DeviceList]]>([
    ['an older one', 'older', () => [next({}), first]],
    ['another one of the same version', 'forked', () => [first, { ...first, devices: [listed(laptop!)] }]],
    ['one without a device of before', 'rewritten', () => [first, next({ devices: [listed(laptop!)] })]],
    [
      'one with another key of a device',
      'rewritten',
      () => [first, next({ devices: [{ ...listed(phone!), signingKey: laptop!.signing.publicKey }] })],
    ],
    [
      'one with another receiving key',
      'rewritten',
      () => [first, next({ devices: [{ ...listed(phone!), receivingKey: laptop!.receiving.publicKey }] })],
    ],
    [
      'one with another beginning of a device',
      'rewritten',
      () => [first, next({ devices: [{ ...listed(phone!), from: 1 }] })],
    ],
    [
      'a device that lives again',
      'rewritten',
      () => [next({ devices: [listed(phone!, 2000)] }), { ...first, version: 3 }],
    ],
    [
      'another end of a device',
      'rewritten',
      () => [next({ devices: [listed(phone!, 2000)] }), { ...first, version: 3, devices: [listed(phone!, 3000)] }],
    ],
    ['the list of another user with the same identity', 'other_identity', () => [first, next({ userId: 'bob' })]],
  ])('is refused if it is %s', async (_, refused, lists) => {
    const [known, list] = lists();
    expect(await accept(known, list)).toEqual({ refused });
  });

  it('is refused under another identity, a forged signature, or changed', async () => {
    const ghost = { ...first, identity: stranger!.publicKey };
    expect(await accept(first, ghost, stranger)).toEqual({ refused: 'other_identity' });
    const signed = await signDeviceList(first, identity!);
    const forged = { ...signed, signature: await stranger!.sign(signed.list) };
    expect(await acceptDeviceList(identity!.publicKey, null, forged)).toEqual({ refused: 'forged' });
    const older = await signDeviceList(next({}), identity!);
    expect(await acceptDeviceList(identity!.publicKey, null, { ...older, list: signed.list })).toEqual({
      refused: 'forged',
    });
    const cut = { ...signed, list: signed.list.slice(0, -1) };
    expect(await acceptDeviceList(identity!.publicKey, null, cut)).toEqual({ refused: 'malformed' });
  });

  it.each<[string, (phone: ListedDevice) => ListedDevice[]]>([
    ['a device twice', (one) => [one, one]],
    ['a key under two names', (one) => [one, { ...one, deviceId: 'b' }]],
    ['a live device that cannot receive', (one) => [{ ...one, receivingKey: null }]],
    ['an ended device that receives', (one) => [{ ...one, until: 2000 }]],
    ['a device that ends before it begins', (one) => [{ ...one, receivingKey: null, until: 999 }]],
    ['a device without a name', (one) => [{ ...one, deviceId: '' }]],
  ])('contradicts itself with %s', async (_, devices) => {
    await expect(signDeviceList({ ...first, devices: devices(listed(phone!)) }, identity!)).rejects.toThrow();
  });

  it('is signed by nobody but its own identity', async () => {
    await expect(signDeviceList(first, stranger!)).rejects.toThrow();
  });

  it('is no signature over anything else', async () => {
    const fields = encodeFields('message', ['ann']);
    const signature = await identity!.sign(fields);
    expect(await acceptDeviceList(identity!.publicKey, null, { list: fields, signature })).toEqual({
      refused: 'malformed',
    });
  });
});

describe('the session of a device', () => {
  it('is signed by its device: this session, of this user, on this device, and nothing else', async () => {
    const device = await createDevice('ann', 'phone');
    const signature = await signDeviceSession(device, 'session');
    const isSigned = (...fields: string[]) =>
      verifySignature(device.signing.publicKey, encodeFields('deviceSession', fields), signature);
    expect(await isSigned('ann', 'phone', 'session')).toBe(true);
    expect(await isSigned('ann', 'phone', 'other')).toBe(false);
    expect(await isSigned('ann', 'laptop', 'session')).toBe(false);
    expect(await isSigned('bob', 'phone', 'session')).toBe(false);
  });
});

describe('what is sealed to a receiving key', () => {
  it('opens with its secret and for its purpose alone', async () => {
    const [mine, other] = [await createReceivingKey(), await createReceivingKey()];
    const [info, plain] = [utf8Bytes('purpose'), utf8Bytes('secret')];
    const sealed = await sealToKey(mine.publicKey, info, plain);
    expect(await openWithKey(mine.secret, info, sealed)).toEqual(plain);
    expect(await openWithKey(other.secret, info, sealed)).toBeNull();
    expect(await openWithKey(mine.secret, utf8Bytes('else'), sealed)).toBeNull();
    const changed = sealed.box.with(0, sealed.box[0]! ^ 1);
    expect(await openWithKey(mine.secret, info, { ...sealed, box: changed })).toBeNull();
  });
});

describe('a safety number', () => {
  const ann = { userId: 'ann', identity: new Uint8Array(32).fill(1) };
  const bob = { userId: 'bob', identity: new Uint8Array(32).fill(2) };
  const ghost = new Uint8Array(32).fill(3);

  it('has 60 digits, the same on both sides', () => {
    expect(safetyNumberOf(ann, bob)).toMatch(/^\d{60}$/);
    expect(safetyNumberOf(ann, bob)).toBe(safetyNumberOf(bob, ann));
  });

  it.each([
    ['an identity of the server’s for one', [ann, { ...bob, identity: ghost }]],
    ['an identity of the server’s for the other', [{ ...ann, identity: ghost }, bob]],
    [
      'identities swapped',
      [
        { ...ann, identity: bob.identity },
        { ...bob, identity: ann.identity },
      ],
    ],
    ['the identity of one under another name', [ann, { ...bob, userId: 'carl' }]],
  ] as const)('is another one with %s', (_, [one, other]) => {
    expect(safetyNumberOf(one, other)).not.toBe(safetyNumberOf(ann, bob));
  });

  it('stays the same in every release', () => {
    expect(safetyNumberOf(ann, bob)).toMatchInlineSnapshot(
      `"503172571565876343846414837169676866547726769864092307435255"`,
    );
  });
});
