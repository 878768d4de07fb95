import { type Bytes, hexOf, randomBytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { createDevice, type Device } from '../identity/device';
import { acceptDeviceList, hasLiveDevice, signDeviceList } from '../identity/device-list';
import { sealToKey } from '../identity/receiving';
import { memoryVault, MemoryVaultServer } from '../testing/memory-vault';
import { START, TestPerson } from '../testing/people';
import { type VaultFloor } from '../vault/ports';
import {
  approvePairing,
  type PairingApprover,
  type PairingRefusal,
  type ReceivedPairing,
  receivePairingRequest,
  type TriedCode,
  tryPairingCode,
} from './approving-device';
import { openPairingApproval, type PairedDevice, type PairingApproval, sealApproval } from './pairing-approval';
import { createPairingCode, readTypedPairingCode, wordsOfPairingCode } from './pairing-code';
import {
  encodePairingRequest,
  pairingKeysOf,
  type PairingRequest,
  requestPairing,
  type SentPairingRequest,
  type WaitingPairing,
} from './pairing-request';

const ORIGIN = 'https://calls.example';
const MINUTE = 60_000;
const floor: VaultFloor = { length: 7, head: randomBytes(32) };

let [ann, mallory]: TestPerson[] = [];
let laptop: Device;
let waiting: WaitingPairing;

beforeEach(async () => {
  [ann, mallory] = await Promise.all(['ann', 'mallory'].map((name) => TestPerson.create(name)));
  laptop = await createDevice('ann', 'laptop');
  waiting = await requestOf(laptop);
});

const requestOf = (device: Device, requestId = 'request', origin = ORIGIN): Promise<WaitingPairing> =>
  requestPairing(device, { origin, requestId, now: START });

const receive = (sent: SentPairingRequest, now = START): ReceivedPairing => {
  const received = receivePairingRequest(sent, { origin: ORIGIN, userId: 'ann', now });
  if ('refused' in received) throw new Error(`The request was refused: ${received.refused}.`);
  return received;
};
const refusalOf = (sent: SentPairingRequest, here = {}): PairingRefusal | 'received' => {
  const received = receivePairingRequest(sent, { origin: ORIGIN, userId: 'ann', now: START, ...here });
  return 'refused' in received ? received.refused : 'received';
};
const outcomeOf = (tried: TriedCode): PairingRefusal | 'confirmed' =>
  'refused' in tried ? tried.refused : 'confirmed';
const tryOn = async (sent: SentPairingRequest, code = waiting.code) =>
  outcomeOf(await tryPairingCode(receive(sent), code, START));

const approver = (change: Partial<PairingApprover> = {}): PairingApprover => ({
  device: ann!.device,
  identity: ann!.identity,
  list: ann!.list,
  floor,
  now: START,
  ...change,
});
const confirm = async ({ sent, code }: WaitingPairing) => {
  const tried = await tryPairingCode(receive(sent), code, START);
  if ('refused' in tried) throw new Error(`The code was refused: ${tried.refused}.`);
  return tried.confirmed;
};
const approve = async (request: WaitingPairing, change?: Partial<PairingApprover>) => {
  const approved = await approvePairing(await confirm(request), approver(change));
  if ('refused' in approved) throw new Error(`The approval was refused: ${approved.refused}.`);
  return approved;
};
const open = async (approval: PairingApproval, by = waiting, now = START): Promise<string | PairedDevice> => {
  const opened = await openPairingApproval(by, laptop, approval, now);
  return 'refused' in opened ? opened.refused : opened;
};

/** @returns what the server hands on instead: the same MAC over other fields */
const exchanged = (change: Partial<PairingRequest>): SentPairingRequest => ({
  ...waiting.sent,
  request: encodePairingRequest({ ...waiting.request, ...change }),
});

describe('a further device', () => {
  it('comes in by the code that it shows', async () => {
    const typed = readTypedPairingCode(wordsOfPairingCode(waiting.code).join(' '));
    if (!('code' in typed)) throw new Error('The words were refused.');
    const { list, approval } = await approve({ ...waiting, code: typed.code });
    expect(list.version).toBe(2);
    expect(await open(approval)).toEqual({ identity: ann!.identity.publicKey, list, floor });
    expect(hasLiveDevice(list, 'laptop', laptop.signing.publicKey)).toBe(true);
    const known = await acceptDeviceList(ann!.identity.publicKey, ann!.list, approval.list);
    expect(known).toEqual({ list });
  });

  it('opens the vault by what it was given, once the vault follows the list', async () => {
    const server = new MemoryVaultServer();
    const vault = memoryVault(ann!.device, server);
    const { floor: seen } = await vault.create(ann!.identitySeed);
    const { list, approval } = await approve(waiting, { floor: seen });
    const paired = await openPairingApproval(waiting, laptop, approval, START);
    if ('refused' in paired) throw new Error(`The approval was refused: ${paired.refused}.`);
    await expect(memoryVault(laptop, server).openByDevice(paired)).rejects.toMatchObject({ reason: 'no_wrap' });
    await vault.followDevices(list);
    const opened = await memoryVault(laptop, server).openByDevice(paired);
    expect(opened).toMatchObject({ identity: ann!.identity.publicKey, floor: seen });
  });

  it('sends nothing that has the code in it, and has another one each time', async () => {
    expect(hexOf(waiting.sent.request)).not.toContain(hexOf(waiting.code));
    expect((await requestOf(laptop)).code).not.toEqual(waiting.code);
  });

  it('shows who, where and when it says it is, before its code is known', () => {
    const { origin, userId, deviceId, time } = receive(waiting.sent).request;
    expect([origin, userId, deviceId, time]).toEqual([ORIGIN, 'ann', 'laptop', START]);
  });

  it('is approved again if the list was changed meanwhile, also when it is in it by now', async () => {
    const confirmed = await confirm(waiting);
    await ann!.addDevice('tablet');
    const approved = await approvePairing(confirmed, approver());
    if ('refused' in approved) throw new Error('The approval was refused.');
    expect(approved.list.devices.map(({ deviceId }) => deviceId)).toEqual(['phone', 'tablet', 'laptop']);
    const again = await approvePairing(confirmed, approver({ list: approved.list, now: START + 1 }));
    if ('refused' in again) throw new Error('The approval was refused.');
    expect(again.list).toBe(approved.list);
    expect(await open(again.approval)).toMatchObject({ list: approved.list, floor });
  });
});

describe('a request', () => {
  it.each<[string, () => Promise<Partial<PairingRequest>> | Partial<PairingRequest>]>([
    ['the signing key', () => ({ signingKey: mallory!.device.signing.publicKey })],
    ['the receiving key', () => ({ receivingKey: mallory!.device.receiving.publicKey })],
    ['the device', () => ({ deviceId: 'phone' })],
    ['the time', () => ({ time: START + 1 })],
    ['the request’s name', () => ({ requestId: 'other' })],
  ])('is found out if the server exchanges %s', async (_, change) => {
    expect(await tryOn(exchanged(await change()))).toBe('wrong_code');
  });

  it('of the server’s own is not confirmed by the code of the honest one', async () => {
    const forged = await requestPairing(
      { ...mallory!.device, userId: 'ann' },
      { origin: ORIGIN, requestId: 'request', now: START },
    );
    expect(await tryOn(forged.sent)).toBe('wrong_code');
    expect(await tryOn({ ...forged.sent, mac: waiting.sent.mac })).toBe('wrong_code');
    expect(await tryOn({ ...waiting.sent, mac: new Uint8Array() })).toBe('wrong_code');
  });

  it('of somebody else’s sign-in is refused, whatever the server makes of it', async () => {
    const stranger = await requestOf(mallory!.device);
    expect(refusalOf(stranger.sent)).toBe('other_user');
    const relabelled = encodePairingRequest({ ...stranger.request, userId: 'ann' });
    expect(await tryOn({ ...stranger.sent, request: relabelled }, stranger.code)).toBe('wrong_code');
  });

  it('of another origin is refused, whatever the server makes of it', async () => {
    const elsewhere = await requestOf(laptop, 'request', 'https://calls.example.evil');
    expect(refusalOf(elsewhere.sent)).toBe('other_origin');
    const relabelled = encodePairingRequest({ ...elsewhere.request, origin: ORIGIN });
    expect(await tryOn({ ...elsewhere.sent, request: relabelled }, elsewhere.code)).toBe('wrong_code');
  });

  it.each<[string, (request: Bytes) => Bytes]>([
    ['is cut short', (request) => request.slice(0, -1)],
    ['is something else of ours', () => encodeFields('deviceList', ['ann'])],
    ['has a key of another length', () => encodePairingRequest({ ...waiting.request, receivingKey: randomBytes(32) })],
    ['has a device without a name', () => encodePairingRequest({ ...waiting.request, deviceId: '' })],
  ])('is malformed if it %s', (_, change) => {
    expect(refusalOf({ ...waiting.sent, request: change(waiting.sent.request) })).toBe('malformed');
  });
});

describe('a code', () => {
  it('counts once', async () => {
    const { received } = await tryPairingCode(receive(waiting.sent), waiting.code, START);
    expect(outcomeOf(await tryPairingCode(received, waiting.code, START))).toBe('used');
  });

  it('counts for ten minutes, by the clocks of both devices', async () => {
    const end = START + 10 * MINUTE;
    const received = receive(waiting.sent, end);
    expect(outcomeOf(await tryPairingCode(received, waiting.code, end))).toBe('confirmed');
    expect(outcomeOf(await tryPairingCode(received, waiting.code, end + 1))).toBe('expired');
    expect(refusalOf(waiting.sent, { now: end + 1 })).toBe('expired');
    expect(refusalOf(waiting.sent, { now: START - 10 * MINUTE - 1 })).toBe('expired');
    expect(await tryOn(exchanged({ time: START + 5 * MINUTE }))).toBe('wrong_code');
  });

  it('has five tries: the sixth is refused, be it right', async () => {
    let received = receive(waiting.sent);
    for (let i = 0; i < 5; i++) {
      const tried = await tryPairingCode(received, createPairingCode(), START);
      expect(outcomeOf(tried)).toBe('wrong_code');
      received = tried.received;
    }
    expect(outcomeOf(await tryPairingCode(received, waiting.code, START))).toBe('too_many_tries');
  });

  it('counts after four wrong ones', async () => {
    let received = receive(waiting.sent);
    for (let i = 0; i < 4; i++) ({ received } = await tryPairingCode(received, createPairingCode(), START));
    expect(outcomeOf(await tryPairingCode(received, waiting.code, START))).toBe('confirmed');
  });

  it('is for one request of one user', async () => {
    const keys = await Promise.all(
      [
        { userId: 'ann', requestId: 'request' },
        { userId: 'ann', requestId: 'other' },
        { userId: 'bob', requestId: 'request' },
        { userId: 'annr', requestId: 'equest' },
      ].map((request) => pairingKeysOf(waiting.code, request)),
    );
    expect(new Set(keys.map(({ psk }) => hexOf(psk.key))).size).toBe(4);
    expect(keys.every(({ macKey, psk }) => !macKey.extractable && psk.key.length === 32)).toBe(true);
  });
});

describe('an approver', () => {
  it('that has ended itself lets nobody in', async () => {
    ann!.endDevice('phone');
    expect(await approvePairing(await confirm(waiting), approver())).toEqual({ refused: 'unlisted_approver' });
  });

  it('puts no other key under a name that is there, and no key under a second name', async () => {
    const confirmed = await confirm(waiting);
    await ann!.addDevice('laptop');
    expect(await approvePairing(confirmed, approver())).toEqual({ refused: 'known_device' });
    const twin = await requestOf({ ...laptop, signing: ann!.device.signing });
    const list = { ...ann!.list, devices: ann!.list.devices.slice(0, 1) };
    expect(await approvePairing(await confirm(twin), approver({ list }))).toEqual({ refused: 'known_device' });
  });

  it('brings no device back that has ended', async () => {
    const { list } = await approve(waiting);
    const devices = list.devices.map((one) =>
      one.deviceId === 'laptop' ? { ...one, receivingKey: null, until: START + 1 } : one,
    );
    const confirmed = await confirm(await requestOf(laptop, 'again'));
    expect(await approvePairing(confirmed, approver({ list: { ...list, devices } }))).toEqual({
      refused: 'known_device',
    });
  });

  it('gives nothing away for another user, another identity, or no floor', async () => {
    const confirmed = await confirm(waiting);
    await expect(approvePairing(confirmed, approver({ list: mallory!.list }))).rejects.toThrow();
    await expect(approvePairing(confirmed, approver({ identity: mallory!.identity }))).rejects.toThrow();
    await expect(approvePairing(confirmed, approver({ floor: { ...floor, head: randomBytes(16) } }))).rejects.toThrow();
  });
});

describe('an approval', () => {
  const listedLaptop = () => {
    const { deviceId, signingKey, receivingKey } = waiting.request;
    return { deviceId, signingKey, receivingKey, from: START, until: null };
  };
  /** @returns the list by which somebody else claims to be this user, with the waiting device */
  const foreignList = async (change = {}) => {
    const identity = mallory!.identity.publicKey;
    const list = { userId: 'ann', identity, version: 1, devices: [listedLaptop()], ...change };
    return signDeviceList(list, mallory!.identity);
  };
  const forge = async (list: PairingApproval['list'], change = {}) => {
    const { psk } = await confirm(waiting);
    return sealApproval(waiting.request, psk, { list, identity: mallory!.identity.publicKey, floor, ...change });
  };

  it('with a list of another identity is refused', async () => {
    const { approval } = await approve(waiting);
    expect(await open({ ...approval, list: await foreignList() })).toBe('forged');
    // Even of somebody who has the code, if identity and list do not belong together.
    const identity = ann!.identity.publicKey;
    expect(await open(await forge(await foreignList(), { identity }))).toBe('other_identity');
    const signed = await foreignList();
    expect(await open(await forge({ ...signed, signature: randomBytes(64) }))).toBe('forged');
  });

  it('with an older or a newer list than was approved is refused', async () => {
    const { approval, list } = await approve(waiting);
    const newer = await signDeviceList({ ...list, version: 3 }, ann!.identity);
    const older = await signDeviceList(ann!.list, ann!.identity);
    for (const other of [newer, older]) expect(await open({ ...approval, list: other })).toBe('forged');
  });

  it('by somebody without the code is refused', async () => {
    const list = await foreignList();
    const { psk } = await pairingKeysOf(createPairingCode(), waiting.request);
    const grant = { list, identity: mallory!.identity.publicKey, floor };
    expect(await open(await sealApproval(waiting.request, psk, grant))).toBe('forged');
    const info = encodeFields('pairingApproval', [waiting.sent.request, list.list, list.signature]);
    const plain = encodeFields('pairingGrant', [grant.identity, 7, floor.head]);
    expect(await open({ list, grant: await sealToKey(laptop.receiving.publicKey, info, plain) })).toBe('forged');
    expect(await open({ list, grant: { encapsulated: randomBytes(1120), box: randomBytes(100) } })).toBe('forged');
    expect(await open({ list, grant: { encapsulated: new Uint8Array(), box: new Uint8Array() } })).toBe('forged');
  });

  it('opens for no other device, not even one that knows the code', async () => {
    const { approval } = await approve(waiting);
    expect(await openPairingApproval(waiting, mallory!.device, approval, START)).toEqual({ refused: 'forged' });
  });

  it('of before is refused when it is replayed', async () => {
    const { approval } = await approve(waiting);
    for (const requestId of ['request', 'second']) {
      const later = await requestOf(laptop, requestId);
      expect(await open(approval, later)).toBe('forged');
    }
    expect(await open(approval, waiting, START + 10 * MINUTE + 1)).toBe('expired');
  });

  it.each<[string, string, () => object]>([
    ['does not name the device', 'not_named', () => ({ devices: ann!.list.devices })],
    ['is another user’s', 'other_user', () => ({ userId: 'mallory' })],
    [
      'gives the device another key',
      'not_named',
      () => ({ devices: [{ ...listedLaptop(), receivingKey: mallory!.device.receiving.publicKey }] }),
    ],
    [
      'has ended the device',
      'not_named',
      () => ({ devices: [{ ...listedLaptop(), receivingKey: null, until: START }] }),
    ],
  ])('is refused if its list %s: %s', async (_, refused, change) => {
    expect(await open(await forge(await foreignList(change())))).toBe(refused);
  });

  it('with anything else than a floor in it is malformed', async () => {
    const { psk } = await confirm(waiting);
    const list = await foreignList();
    const info = encodeFields('pairingApproval', [waiting.sent.request, list.list, list.signature]);
    const plain = encodeFields('pairingGrant', [mallory!.identity.publicKey, 7, randomBytes(16)]);
    const grant = await sealToKey(laptop.receiving.publicKey, info, plain, psk);
    expect(await open({ list, grant })).toBe('malformed');
  });
});

it('seals under no shorter secret than HPKE takes', async () => {
  const psk = { id: randomBytes(1), key: randomBytes(31) };
  await expect(sealToKey(laptop.receiving.publicKey, randomBytes(1), randomBytes(1), psk)).rejects.toThrow();
});
