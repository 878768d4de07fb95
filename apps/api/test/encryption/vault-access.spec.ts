import { type AppendToVaultDto, PROTOCOL_LIMITS } from '@webcall/contracts';
import { request } from 'node:http';
import { listDevice, RawDevice, RawIdentity } from '../support/device-keys';
import { HeldRow } from '../support/faults/held-row';
import type { RestClient } from '../support/rest';
import { newDevice, newGuest, newRoom, newUser, startApp } from '../support/test-app';
import { useServer } from '../support/use-server';
import {
  newHeader,
  newRecord,
  newVaultOfBob,
  newVaultOwner,
  newWrap,
  randomText,
  refused,
  step,
  taken,
  VaultClient,
  vaultOf,
  type VaultOwner,
} from './vault-client';

const server = useServer(() => startApp({ env: { QUOTA_VAULT_MB: '2' } }));
const { vault: LIMITS } = PROTOCOL_LIMITS;

let { ann, keys, phone, laptop } = {} as VaultOwner;
beforeEach(async () => {
  ({ ann, keys, phone, laptop } = await newVaultOwner(server));
});

/** Begins a new identity, as who has lost all devices; those of before end. @returns its vault */
async function beginAnew(client: RestClient): Promise<VaultClient> {
  const [identity, device] = [new RawIdentity(), new RawDevice()];
  const vault = vaultOf(client, identity);
  await client.request('PUT /devices/new-start', { body: { identity: vault.identity } });
  await server.db.query('UPDATE new_starts SET opens_at = now() WHERE user_id = $1', [ann.id]);
  await client.request('PUT /devices/list', { body: identity.signList(ann.id, 1, [device.entry()]) });
  await device.bind(client, ann.id);
  return vault;
}

/** Has the replaced identities of Ann be so for as long as their vaults are kept. */
const endWait = () =>
  server.db.query(`UPDATE identities SET replaced_at = replaced_at - interval '7 days' WHERE user_id = $1`, [ann.id]);

describe('who writes', () => {
  const first = (): AppendToVaultDto => step(0, { header: newHeader() });

  it('is a session of a live device of that identity: no other session of the user', async () => {
    const fresh = new VaultClient(await newDevice(server, ann), phone.identity);
    expect(await fresh.append(first())).toMatchObject(refused(403, 'device_required'));
    await phone.append(step(0, { header: newHeader(), records: [newRecord()] }));
    expect(await fresh.addWraps(1, [newWrap()])).toMatchObject(refused(403, 'device_required'));
    expect(await fresh.entries()).toHaveLength(2);
  });

  it('is no device that has ended, also while its step was on its way', async () => {
    const end = 'UPDATE devices SET ended_at = now() WHERE user_id = $1 AND id = $2';
    const held = await HeldRow.hold(server.db, 'users', ann.id);
    await held.query(end, [ann.id, keys.device.id]);
    const [answer] = await held.release('COMMIT', () => phone.append(first()));
    expect(answer).toMatchObject(refused(403, 'device_required'));
    expect(await laptop.append(first())).toMatchObject(taken(1));
    expect(await phone.addWraps(1, [newWrap()])).toMatchObject(refused(403, 'device_required'));
  });

  it('is no device of an identity that was replaced, and its vault can be read on', async () => {
    await phone.append(first());
    const renewed = await beginAnew(await newDevice(server, ann));
    expect(await renewed.append(first())).toMatchObject(taken(1));
    const old = new VaultClient(renewed.rest, phone.identity);
    expect(await old.append(step(1, { records: [newRecord()] }))).toMatchObject(refused(403, 'device_required'));
    expect(await old.addWraps(1, [newWrap()])).toMatchObject(refused(403, 'device_required'));
    expect(await old.entries()).toHaveLength(1);
  });

  it('is nobody else, and nobody else reads', async () => {
    await phone.append(step(0, { header: newHeader(), records: [newRecord()], wraps: [newWrap()] }));
    const spying = new VaultClient((await newVaultOfBob(server)).rest, phone.identity);
    expect([await spying.entries(), await spying.wraps(1)]).toEqual([[], []]);
    for (const length of [0, 2])
      expect(await spying.append(step(length, { header: newHeader() }))).toMatchObject(refused(403, 'device_required'));
    const guest = await newGuest(ann, (await newRoom(ann)).id);
    const own = vaultOf(guest.rest, (await listDevice(guest)).identity);
    expect(await own.append(first())).toMatchObject(refused(403, 'forbidden'));
    expect(await phone.entries()).toHaveLength(2);
  });

  it('sends a large body only when signed in', async () => {
    const body = step(0, { header: newHeader(), records: Array.from({ length: 12 }, () => newRecord(LIMITS.box.max)) });
    const path = `/api/v1/vaults/${phone.identity}/entries`;
    const send = (client: Pick<RestClient, 'token'>, to = path) =>
      ann.rest.send('POST', to, body, { authorization: `Bearer ${client.token}` });
    expect(await send({ token: 'nobody' })).toMatchObject(refused(401, 'unauthorized'));
    expect(await ann.rest.send('POST', path, '{"length":')).toMatchObject(refused(400, 'invalid_input'));
    expect(await send(ann.rest, '/api/v1/rooms')).toMatchObject(refused(413, 'payload_too_large'));
    expect(await send(ann.rest)).toMatchObject(taken(13));
  });
});

it('reads few large bodies of one user at once, and those of others all the same', async () => {
  const url = new URL(`/api/v1/vaults/${phone.identity}/entries`, server.url);
  const headers = {
    authorization: `Bearer ${ann.rest.token}`,
    'content-type': 'application/json',
    'content-length': 1_000_000,
  };
  const endless = Array.from({ length: 4 }, () => {
    const sent = request(url, { method: 'POST', headers });
    sent.on('error', () => undefined);
    sent.write('{');
    return sent;
  });
  const append = async (vault: VaultClient) => (await vault.append(step(7, { header: newHeader() }))).status;
  while ((await append(phone)) !== 429);
  expect(await append(laptop)).toBe(429);
  expect(await append(await newVaultOfBob(server))).toBe(200);
  for (const sent of endless) sent.destroy();
  while ((await append(phone)) !== 200);
});

describe('other devices', () => {
  it('hear that there is more, and nothing of what was not taken', async () => {
    const [own, other] = [await server.connect(ann), await server.connect({ rest: laptop.rest })];
    const stranger = await server.connect(await newUser(server, 'bob'));
    await phone.append(step(0, { header: newHeader() }));
    const { identity } = phone;
    expect(await other.event('vault:changed')).toEqual({ identity, length: 1 });
    await phone.append(step(0, { header: newHeader() }));
    await phone.addWraps(1, [newWrap()]);
    await phone.append(step(1, { records: [newRecord()] }));
    await other.event('vault:changed', ({ length }) => length === 2);
    expect(other.events('vault:changed').map(({ length }) => length)).toEqual([1, 1, 2]);
    expect([own.events('vault:changed'), stranger.events('vault:changed')]).toEqual([[], []]);
  });
});

describe('the quota', () => {
  const full = { code: 'quota_reached', details: { quota: 'vault', limit: 2 } };
  const megabyteAt = (length: number) =>
    step(length, { records: Array.from({ length: 15 }, () => newRecord(LIMITS.box.max)) });

  it('counts all vaults of a user, and what is erased no more', async () => {
    await phone.append(step(0, { header: newHeader() }));
    const kept = megabyteAt(1);
    expect(await phone.append(kept)).toMatchObject(taken(16));
    expect(await phone.append(megabyteAt(16))).toMatchObject(taken(31));
    expect((await phone.append(megabyteAt(31))).body.error).toMatchObject(full);
    expect(await phone.entries(31)).toEqual([]);
    const freeing = step(31, { records: [newRecord()], erased: kept.records.map(({ recordId }) => recordId) });
    expect(await phone.append(freeing)).toMatchObject(taken(32));
    const renewed = await beginAnew(laptop.rest);
    expect(await renewed.append(step(0, { header: newHeader() }))).toMatchObject(taken(1));
    expect(await renewed.append(megabyteAt(1))).toMatchObject(taken(16));
    expect((await renewed.append(megabyteAt(16))).body.error).toMatchObject(full);
    await endWait();
    expect((await renewed.deleteVault(phone.identity)).status).toBe(204);
    expect(await renewed.append(megabyteAt(16))).toMatchObject(taken(31));
  });

  it('never refuses what makes a vault smaller', async () => {
    await phone.append(step(0, { header: newHeader() }));
    const records = Array.from({ length: 15 }, () => newRecord(LIMITS.box.max));
    await phone.append(step(1, { records }));
    await server.db.query('UPDATE vaults SET bytes = bytes + 4e6 WHERE user_id = $1', [ann.id]);
    expect((await phone.append(step(16, { records: [newRecord()] }))).body.error).toMatchObject(full);
    expect((await phone.addWraps(1, [newWrap()])).body.error).toMatchObject(full);
    const erased = [records[0]!.recordId];
    expect(await phone.append(step(16, { records: [newRecord()], erased }))).toMatchObject(taken(17));
  });

  it('holds for steps that come at once', async () => {
    await phone.append(step(0, { header: newHeader() }));
    await phone.append(megabyteAt(1));
    const held = await HeldRow.hold(server.db, 'users', ann.id);
    const answers = await held.release(
      'ROLLBACK',
      () => phone.append(megabyteAt(16)),
      () => laptop.append(megabyteAt(31)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  });
});

describe('the vault of an identity that was replaced', () => {
  const filled = () => step(0, { header: newHeader(), records: [newRecord()], wraps: [newWrap()] });

  it('is deleted by a live device of its user, and no other vault is', async () => {
    await phone.append(filled());
    const bobs = await newVaultOfBob(server);
    await bobs.append(filled());
    expect(await laptop.deleteVault(phone.identity)).toMatchObject(refused(403, 'forbidden'));
    const signedIn = await newDevice(server, ann);
    const renewed = await beginAnew(laptop.rest);
    await renewed.append(filled());
    expect(await vaultOf(signedIn, keys.identity).deleteVault(phone.identity)).toMatchObject(
      refused(403, 'device_required'),
    );
    for (const identity of [bobs.identity, randomText(32)])
      expect((await renewed.deleteVault(identity)).status).toBe(204);
    const old = new VaultClient(laptop.rest, phone.identity);
    expect(await Promise.all([old, renewed, bobs].map(async (vault) => (await vault.entries()).length))).toEqual([
      2, 2, 2,
    ]);
    await endWait();
    for (const _ of [1, 2]) expect((await renewed.deleteVault(phone.identity)).status).toBe(204);
    expect([await old.entries(), await old.wraps(1)]).toEqual([[], []]);
    expect(await renewed.entries()).toHaveLength(2);
  });

  it('stays for a week, in which who has its phrase can come back', async () => {
    await phone.append(filled());
    const thief = await beginAnew(await newDevice(server, ann));
    expect(await thief.deleteVault(phone.identity)).toMatchObject(refused(403, 'forbidden'));
    const signedInAgain = new VaultClient(await newDevice(server, ann), phone.identity);
    expect(await signedInAgain.entries()).toHaveLength(2);
    await endWait();
    expect((await thief.deleteVault(phone.identity)).status).toBe(204);
  });
});
