import { PROTOCOL_LIMITS } from '@webcall/contracts';
import { HeldRow } from '../support/faults/held-row';
import { newDevice } from '../support/test-app';
import { useServer } from '../support/use-server';
import {
  hashOf,
  newHeader,
  newRecord,
  newVaultOfBob,
  newVaultOwner,
  newWrap,
  notTaken,
  randomText,
  recordEntry,
  refused,
  step,
  taken,
  VaultClient,
  type VaultOwner,
} from './vault-client';

const server = useServer();
const { vault: LIMITS } = PROTOCOL_LIMITS;

let { ann, phone, laptop } = {} as VaultOwner;
beforeEach(async () => {
  ({ ann, phone, laptop } = await newVaultOwner(server));
});

describe('the log of a vault', () => {
  it('gives back what was added, to all sessions of its user', async () => {
    const [header, records] = [newHeader(), [newRecord(), newRecord()]];
    expect(await phone.append(step(0, { header, records }))).toMatchObject(taken(3));
    const later = newRecord();
    expect(await laptop.append(step(3, { records: [later] }))).toMatchObject(taken(4));
    const renewed = newHeader();
    const last = newRecord();
    expect(await phone.append(step(4, { header: renewed, records: [last] }))).toMatchObject(taken(6));
    const all = [
      { header, record: null },
      ...[...records, later].map((record) => recordEntry(1, record)),
      { header: renewed, record: null },
      recordEntry(2, last),
    ];
    expect(await laptop.entries()).toEqual(all);
    expect(await new VaultClient(await newDevice(server, ann), phone.identity).entries()).toEqual(all);
    expect(await laptop.entries(4)).toEqual(all.slice(4));
    expect(await laptop.entries(6)).toEqual([]);
  });

  it('takes nothing for another length, and nothing twice when an answer was lost', async () => {
    const first = step(0, { header: newHeader(), records: [newRecord()], wraps: [newWrap()] });
    expect(await phone.append(first)).toMatchObject(taken(2));
    expect(await phone.append(first)).toMatchObject(notTaken(2));
    for (const length of [1, 3]) {
      const missed = step(length, { header: newHeader(), wraps: [newWrap()], erased: [first.records[0]!.recordId] });
      expect(await phone.append(missed)).toMatchObject(notTaken(2));
    }
    expect(await phone.entries()).toEqual([{ header: first.header, record: null }, recordEntry(1, first.records[0]!)]);
    expect([await phone.wraps(1), await phone.wraps(2)]).toEqual([first.wraps, []]);
  });

  it.each(['phone', 'laptop'])('takes one of two that come at once, whoever is first: the %s', async (first) => {
    await phone.append(step(0, { header: newHeader() }));
    const held = await HeldRow.hold(server.db, 'users', ann.id);
    const devices = first === 'phone' ? [phone, laptop] : [laptop, phone];
    const steps = devices.map(() => step(1, { records: [newRecord()], wraps: [newWrap()] }));
    const answers = await held.release('ROLLBACK', ...devices.map((one, i) => () => one.append(steps[i]!)));
    expect(answers).toMatchObject([taken(2), notTaken(2)]);
    expect(await phone.entries(1)).toEqual([recordEntry(1, steps[0]!.records[0]!)]);
    expect(await phone.wraps(1)).toEqual(steps[0]!.wraps);
  });

  it('begins with a header, and takes no step without an entry', async () => {
    for (const length of [0, 1])
      expect(await phone.append(step(length, { records: [newRecord()] }))).toMatchObject(
        length === 0 ? refused(400, 'invalid_input') : notTaken(0),
      );
    await phone.append(step(0, { header: newHeader(), records: [newRecord()] }));
    const idle = step(2, { wraps: [newWrap()], erased: [randomText(16)] });
    expect(await phone.append(idle)).toMatchObject(refused(400, 'invalid_input'));
    expect(await phone.wraps(1)).toEqual([]);
  });

  it('comes in stretches that fit into an answer', async () => {
    const records = Array.from({ length: 24 }, () => newRecord(LIMITS.box.max));
    await phone.append(step(0, { header: newHeader() }));
    expect(await phone.append(step(1, { records: records.slice(0, 12) }))).toMatchObject(taken(13));
    expect(await phone.append(step(13, { records: records.slice(12) }))).toMatchObject(taken(25));
    const { body } = await ann.rest.request('GET /vaults/:identity/entries', {
      identity: phone.identity,
      query: { from: 1 },
    });
    expect(body.entries).toHaveLength(8);
    expect(body.next).toBe(9);
    expect(JSON.stringify(body).length).toBeLessThan(1024 * 1024);
    expect(await phone.entries(1)).toEqual(records.map((record) => recordEntry(1, record)));
  });

  it('takes as many entries at once as a device may send, and no megabyte more', async () => {
    const records = Array.from({ length: LIMITS.records.max }, () => newRecord());
    const wraps = Array.from({ length: LIMITS.wraps.max }, newWrap);
    const erased = records.map(({ recordId }) => recordId);
    expect(await phone.append(step(0, { header: newHeader(), records, wraps, erased }))).toMatchObject(
      taken(LIMITS.records.max + 1),
    );
    const large = step(LIMITS.records.max + 1, {
      records: Array.from({ length: 17 }, () => newRecord(LIMITS.box.max)),
    });
    expect(await phone.append(large)).toMatchObject(refused(413, 'payload_too_large'));
    const huge = { ...large, records: [...large.records, ...large.records] };
    expect(await phone.append(huge)).toMatchObject(refused(413, 'payload_too_large'));
    expect(await phone.entries(LIMITS.records.max + 1)).toEqual([]);
  });

  it('refuses what hides in lists, and what is no key', async () => {
    for (const records of [[[]], [null], [{}], ['x']])
      expect(await phone.append(step(0, { header: newHeader(), records: records as never }))).toMatchObject(
        refused(400, 'invalid_input'),
      );
    expect(await phone.append(step(0, { header: [] as never }))).toMatchObject(refused(400, 'invalid_input'));
    for (const key of [randomText(31), randomText(33), `${phone.identity}=`, 'x', '%00'])
      expect(await ann.rest.send('GET', `/api/v1/vaults/${encodeURIComponent(key)}/entries?from=0`)).toMatchObject(
        refused(400, 'invalid_input'),
      );
  });
});

describe('a server that was restored from a backup', () => {
  it('takes what it has lost as it was, from whichever device comes first', async () => {
    const [first, erased, kept] = [newRecord(), newRecord(), newRecord()];
    await phone.append(step(0, { header: newHeader(), records: [first] }));
    await phone.append(step(2, { records: [erased] }));
    await phone.append(step(3, { records: [kept], erased: [erased.recordId] }));
    await phone.append(step(4, { header: newHeader(), records: [newRecord()] }));
    const log = await phone.entries();
    await server.db.query(
      'DELETE FROM vault_entries WHERE index > 1 AND vault_id IN (SELECT id FROM vaults WHERE user_id = $1)',
      [ann.id],
    );
    await server.db.query('UPDATE vaults SET length = 2, generation = 1 WHERE user_id = $1', [ann.id]);

    const lost = log.slice(2).map(({ header, record }) => ({ header: header ?? undefined, record }));
    const giveBack = async (vault: VaultClient): Promise<void> => {
      for (const [i, { header, record }] of lost.entries()) {
        const { recordId, box, boxHash } = record ?? {};
        const records = recordId ? [box ? { recordId, box } : { recordId, boxHash }] : [];
        await vault.append(step(2 + i, { header, records }));
      }
    };
    await Promise.all([giveBack(phone), giveBack(laptop)]);
    expect(await phone.entries()).toEqual(log);
  });

  it('takes no record with both, or neither', async () => {
    const { recordId, box } = newRecord();
    for (const more of [{}, { box: null }, { box, boxHash: hashOf(box) }])
      expect(
        await phone.append(step(0, { header: newHeader(), records: [{ recordId, ...more } as never] })),
      ).toMatchObject(refused(400, 'invalid_input'));
  });
});

describe('a box that is erased', () => {
  it('is gone, and its hash stays', async () => {
    const records = [newRecord(), newRecord(), newRecord()];
    await phone.append(step(0, { header: newHeader(), records }));
    const says = newRecord();
    const erased = [records[1]!.recordId, randomText(16)];
    expect(await laptop.append(step(4, { records: [says], erased }))).toMatchObject(taken(5));
    const gone = recordEntry(1, records[1]!);
    expect(await phone.entries(1)).toEqual([
      recordEntry(1, records[0]!),
      { ...gone, record: { ...gone.record, box: null } },
      recordEntry(1, records[2]!),
      recordEntry(1, says),
    ]);
  });

  it('is of this vault alone', async () => {
    const [other, record] = [await newVaultOfBob(server), newRecord()];
    for (const vault of [phone, other]) await vault.append(step(0, { header: newHeader(), records: [record] }));
    await other.append(step(2, { records: [newRecord()], erased: [record.recordId] }));
    expect(await phone.entries(1)).toEqual([recordEntry(1, record)]);
  });
});

describe('wraps', () => {
  it('are added for those who have none, and never overwritten', async () => {
    const [first, second] = [newWrap(), newWrap()];
    await phone.append(step(0, { header: newHeader(), wraps: [first] }));
    const forged = { ...newWrap(), recipient: first.recipient };
    expect((await laptop.addWraps(1, [forged, second])).status).toBe(204);
    expect((await laptop.addWraps(1, [forged, second])).status).toBe(204);
    const known = [first, second].sort((a, b) =>
      Buffer.compare(Buffer.from(a.recipient, 'base64url'), Buffer.from(b.recipient, 'base64url')),
    );
    expect(await phone.wraps(1)).toEqual(known);
  });

  it('are of a generation that there is', async () => {
    expect(await phone.addWraps(1, [newWrap()])).toMatchObject(refused(400, 'invalid_input'));
    await phone.append(step(0, { header: newHeader() }));
    expect(await phone.addWraps(2, [newWrap()])).toMatchObject(refused(400, 'invalid_input'));
    expect((await phone.addWraps(1, [newWrap()])).status).toBe(204);
  });

  it('are not more than anybody needs', async () => {
    await phone.append(step(0, { header: newHeader() }));
    const many = () => Array.from({ length: LIMITS.wraps.max }, newWrap);
    for (let i = 0; i < LIMITS.wrapsOfGeneration.max / LIMITS.wraps.max; i++)
      expect((await phone.addWraps(1, many())).status).toBe(204);
    expect(await phone.addWraps(1, [newWrap()])).toMatchObject(refused(400, 'invalid_input'));
    expect(await phone.wraps(1)).toHaveLength(LIMITS.wrapsOfGeneration.max);
    const withTooMany = step(1, { header: newHeader(), wraps: many() });
    expect(await phone.append(withTooMany)).toMatchObject(taken(2));
  });
});

it('leaves nothing of a vault when its user is deleted', async () => {
  await phone.append(step(0, { header: newHeader(), records: [newRecord()], wraps: [newWrap()] }));
  const [vault] = await server.db.query<{ id: string }>('SELECT id FROM vaults WHERE user_id = $1', [ann.id]);
  const left = async () => {
    const tables = ['vaults WHERE id', 'vault_entries WHERE vault_id', 'vault_wraps WHERE vault_id'];
    return Promise.all(tables.map(async (of) => (await server.db.query(`SELECT FROM ${of} = $1`, [vault!.id])).length));
  };
  expect(await left()).toEqual([1, 2, 1]);
  expect((await ann.rest.request('DELETE /auth/me', { body: { password: ann.password } })).status).toBe(204);
  expect(await left()).toEqual([0, 0, 0]);
});
