import { base64UrlOf, hexOf } from '../bytes/bytes';
import { type EpochRecord } from '../room/ports';
import { judgeEdit, type MessageVersion } from '../seal/message-order';
import { entryAt } from './entry-at';
import { memoryRoomDevice } from './memory-room';
import { type MemoryServer, type StoredMessage } from './memory-server';
import { type Race } from './race';
import { keyOf, type Racer, readVersion } from './racer';

/** What there was in a race, by which one sees that it was one. */
export const nothingSeen = {
  messages: 0,
  edits: 0,
  epochs: 0,
  generations: 0,
  /** Secrets that a device was in the epoch of, and had to be given by others. */
  asked: 0,
  /** Items that a hostile device has written into the chain. */
  junk: 0,
  crashes: 0,
  cuts: 0,
  refusals: 0,
};

/** Ends a race, and expects that nobody stays behind and nothing unread. @returns what there was in it */
export async function expectWon(race: Race): Promise<typeof nothingSeen> {
  const members = await race.settle();
  const group = await expectOneGroup(race.server, members);
  const asked = await askForKeys(race, members);
  for (const message of race.server.messages) await expectReadable(race, members, message);
  const edits = race.server.messages.map(({ versions }) => versions.length - 1);
  return {
    messages: race.server.messages.length,
    edits: edits.reduce((sum, count) => sum + count, 0),
    ...group,
    asked,
    ...race.seen,
  };
}

/** All are in one epoch, with one secret, and nobody else is. Nothing looked like two histories to anybody. */
async function expectOneGroup(
  server: MemoryServer,
  members: readonly Racer[],
): Promise<{ epochs: number; generations: number }> {
  const views = await Promise.all(members.map((racer) => racer.tab(0).room.joinGroup()));
  const secrets = await Promise.all(views.map(({ group }) => group.exportEpochSecret()));
  expect(new Set(secrets.map(hexOf)).size).toBe(1);
  expect(new Set(views.map(({ group }) => group.epoch)).size).toBe(1);
  const { group, chain } = entryAt(views, 0);
  // Whoever reads all items anew comes to the same chain as those who read them one by one.
  const afresh = memoryRoomDevice(entryAt(members, 0).device, server);
  for (const read of [...views.map((view) => view.chain), await afresh.readChain()]) expect(read).toEqual(chain);
  const roster = group.roster.map(({ userId, deviceId }) => `${userId} ${deviceId}`);
  expect(roster.sort()).toEqual(members.map(({ device }) => `${device.userId} ${device.deviceId}`).sort());
  expect(views.flatMap(({ splits }) => splits)).toEqual([]);
  return { epochs: group.epoch, generations: chain.groupIds.length - 1 };
}

/** Whoever was in the roster of an epoch whose secret they miss gets it from others: that is what devices ask for. */
async function askForKeys(race: Race, members: readonly Racer[]): Promise<number> {
  const everything = race.racers.flatMap(({ store }) => store.epochs);
  let asked = 0;
  for (const { device, tab } of members.map((racer) => ({ device: racer.device, tab: racer.tab(0) }))) {
    const own = new Set(await Promise.all(race.epochsOf(device.userId).map(keyIdOf)));
    for (const record of everything) {
      const keyId = await keyIdOf(record);
      if (own.has(keyId) || !record.roster.some(({ userId }) => userId === device.userId)) continue;
      own.add(keyId);
      await tab.room.keepEpochs([record]);
      asked++;
    }
  }
  return asked;
}

/** Exactly those who were members when it was taken, and in the epoch in which it was sealed, read each version. */
async function expectReadable(race: Race, members: readonly Racer[], message: StoredMessage): Promise<void> {
  let current: MessageVersion | undefined;
  for (const [edit, { content, audience }] of message.versions.entries()) {
    const roster = await rosterOf(race, content.keyId);
    for (const { userId, deviceId } of roster) expect(audience).toContainEqual({ userId, deviceId });
    for (const { userId } of race.server.people) {
      const opened = await readVersion(message, edit, race.epochsOf(userId));
      const wasThere = roster.some((one) => one.userId === userId);
      if (!wasThere) expect(opened).toBeNull();
      else if (opened || members.some(({ device }) => device.userId === userId))
        expect(race.texts).toContain(opened?.content.text);
      if (!opened || userId !== message.userId) continue;
      const version = { userId, edit, boxHash: opened.boxHash };
      if (current) expect(judgeEdit(current, { ...version, replaces: opened.replaces })).toBe('accepted');
      current = version;
    }
  }
}

async function rosterOf(race: Race, keyId: string): Promise<EpochRecord['roster']> {
  for (const { store } of race.racers)
    for (const record of store.epochs) if ((await keyIdOf(record)) === keyId) return record.roster;
  throw new Error('Nobody has the secret of an epoch in which something was sealed.');
}

async function keyIdOf(record: EpochRecord): Promise<string> {
  return base64UrlOf((await keyOf(record)).keyId);
}
