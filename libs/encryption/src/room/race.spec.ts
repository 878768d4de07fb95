import fc from 'fast-check';
import { base64UrlOf, type Bytes, hexOf } from '../bytes/bytes';
import { createGroupId } from '../chain/group-id';
import { admissionOf, type RoomChain } from '../chain/room-chain';
import { createEpochKey } from '../seal/epoch-key';
import { openMessage, sealMessage } from '../seal/sealed-message';
import { memoryRoomDevice, MemoryServer, MemoryStore, ROOM, type StoredMessage } from '../testing/memory-room';
import { type TestDevice, TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { CrashError, Turnstile } from '../testing/turnstile';
import { type EpochRecord } from './ports';
import { type RoomDevice } from './room-device';
import { RoomRefusal } from './room-history';

/** In lots, so that none takes long on a busy machine. */
const LOTS = ['first', 'second', 'third', 'fourth'];
const RUNS_OF_LOT = 5;

const seen = { messages: 0, epochs: 0, crashes: 0, refusals: 0 };
const NAMES = ['ann', 'bob', 'carl'];
const ACTIONS = ['send', 'send', 'send', 'renew', 'renew', 'remove', 'admit', 'admit', 'end device'] as const;

/** Their keys are made once: that takes longer than a race. */
const people = Promise.all(NAMES.map((name) => TestPerson.create(name, ['phone', 'laptop'])));

interface Action {
  kind: (typeof ACTIONS)[number];
  actor: number;
  target: number;
}

/** A device in the race: its store outlives crashes, everything else does not. */
interface Racer {
  readonly device: TestDevice;
  readonly store: MemoryStore;
  readonly room: RoomDevice;
}

/** A room with a server that is late and repeats, and devices that crash wherever they wait. */
class Race {
  readonly server = new MemoryServer();
  readonly racers: Racer[] = [];
  readonly texts = new Map<string, string>();
  crashes = 0;
  refusals = 0;
  private isCalm = true;
  private readonly random: () => number;
  private readonly turnstile: Turnstile;

  constructor(seed: number) {
    this.random = randomOf(seed);
    this.turnstile = new Turnstile(this.random);
  }

  async begin(): Promise<void> {
    for (const person of await people) {
      person.reviveDevices();
      this.server.people.push(person);
      this.server.setMember(person.userId, true);
      for (const device of person.devices) this.addRacer(device);
    }
    const founder = this.racers[0]!;
    await founder.room.appendToChain((chain) => (chain ? null : { kind: 'founded', groupId: createGroupId(ROOM, 0) }));
    for (const person of this.server.people.slice(1)) await this.admit(founder, person);
    await founder.room.createGroup();
    for (const { room } of this.racers.slice(1)) await room.joinGroup();
    this.isCalm = false;
  }

  /** Runs the actions beside each other. Whatever the server or a crash ends is taken up later. */
  async runRound(actions: readonly Action[]): Promise<void> {
    const outcomes = await this.turnstile.runAll(actions.map((action) => () => this.act(action)));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      if (outcome.reason instanceof CrashError) this.crashes++;
      else if (outcome.reason instanceof RoomRefusal) this.refusals++;
      else throw outcome.reason;
    }
  }

  /** Everybody comes back, with nothing in their way any more. @returns those who are in the room then */
  async settle(): Promise<Racer[]> {
    this.isCalm = true;
    const { chain } = await this.racers[0]!.room.catchUp();
    const members = this.racers.filter(({ device }) => this.belongs(chain, device));
    for (const { room } of members) await room.joinGroup();
    await this.racers[0]!.room.prepareToSeal();
    for (const { room } of members) await room.catchUp();
    return members;
  }

  private addRacer(device: TestDevice): void {
    const store = new MemoryStore();
    const ports = { store: this.unreliable(store), delivery: this.unreliable(this.server) };
    const room = memoryRoomDevice(device, this.server, ports);
    this.racers.push({ device, store, room });
  }

  private async act({ kind, actor, target }: Action): Promise<void> {
    const racer = this.racers[actor % this.racers.length]!;
    // The founder stays, so that there is always somebody.
    const person = this.server.people[1 + (target % (NAMES.length - 1))]!;
    switch (kind) {
      case 'send':
        return this.send(racer);
      case 'renew':
        return this.renew(racer);
      case 'remove':
        return this.remove(racer, person);
      case 'admit':
        this.server.setMember(person.userId, true);
        return this.admit(racer, person);
      case 'end device':
        if (person.isLive(person.devices[0]!)) person.endDevice('laptop');
    }
  }

  private async send({ device, store, room }: Racer): Promise<void> {
    const messageId = `m${this.texts.size}`;
    const text = `text ${messageId}`;
    this.texts.set(messageId, text);
    for (let attempt = 0; attempt < 3; attempt++) {
      await room.joinGroup();
      const { group } = await room.prepareToSeal();
      const record = store.epochs.find((one) => one.epoch === group.epoch)!;
      const key = await createEpochKey(record.secret, record);
      const { userId } = device;
      const place = { roomId: ROOM, messageId, kind: { type: 'post' }, userId } as const;
      const content = await sealMessage(place, { content: { text }, after: [], replaces: null }, key, device);
      await this.turnstileGate();
      if (await this.server.sendMessage(group.groupId, group.epoch, { messageId, userId, content })) return;
    }
  }

  private async renew({ room }: Racer): Promise<void> {
    let before: number | undefined;
    await room.changeGroup(({ group }) => ((before ??= group.epoch) === group.epoch ? {} : null));
  }

  private async remove({ room, device }: Racer, person: TestPerson): Promise<void> {
    if (device.person === person) return;
    this.server.setMember(person.userId, false);
    await room.appendToChain((chain) =>
      isIn(chain, person) && isIn(chain, device.person) ? { kind: 'removed', userId: person.userId } : null,
    );
    await room.prepareToSeal();
  }

  private async admit({ room, device }: Racer, person: TestPerson): Promise<void> {
    await room.appendToChain((chain) => (isIn(chain, person) || !isIn(chain, device.person) ? null : admitted(person)));
  }

  private belongs(chain: RoomChain, device: TestDevice): boolean {
    const { person } = device;
    return (
      person.isLive(device) && isIn(chain, person) && this.server.isMember(person.userId, this.server.memberVersion)
    );
  }

  /** Crashes before or after the effect, gives only the beginning of a list, or does a thing twice. */
  private unreliable<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver) as unknown;
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]) => {
          await this.turnstileGate();
          if (!this.isCalm && String(name).startsWith('send') && this.random() < 0.1)
            await method.apply(target, parameters);
          const result: unknown = await method.apply(target, parameters);
          await this.turnstileGate();
          if (this.isCalm || !Array.isArray(result) || this.random() > 0.15) return result;
          return result.slice(0, Math.floor(this.random() * result.length));
        };
      },
    });
  }

  private async turnstileGate(): Promise<void> {
    if (this.isCalm) return;
    await this.turnstile.gate();
    if (this.random() < 0.004) throw new CrashError();
  }
}

const action = fc.record<Action>({
  kind: fc.constantFrom(...ACTIONS),
  actor: fc.nat(5),
  target: fc.nat(5),
});
const rounds = fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 8 });

it.each(LOTS)(
  'nobody stays behind, and nothing unread, whatever races, crashes, is late or comes twice: %s lot',
  async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.integer(), async (all, seed) => {
        const race = new Race(seed);
        await race.begin();
        for (const round of all) await race.runRound(round);
        const members = await race.settle();
        const newest = members.map(({ store }) => store.epochs.at(-1)!);
        expect(new Set(newest.map(({ epoch, secret }) => `${epoch} ${hexOf(secret)}`)).size).toBe(1);
        const inGroup = newest[0]!.roster.map(({ userId, deviceId }) => `${userId} ${deviceId}`).sort();
        expect(inGroup).toEqual(members.map(({ device }) => `${device.userId} ${device.deviceId}`).sort());
        seen.messages += race.server.messages.length;
        seen.epochs += newest[0]!.epoch;
        seen.crashes += race.crashes;
        seen.refusals += race.refusals;
        for (const message of race.server.messages) await expectReadable(race, members, message);
      }),
      { numRuns: RUNS_OF_LOT },
    );
  },
);

it('was a race: there were messages, epochs, crashes and refusals', () => {
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

/** Exactly those who were in the epoch of a message read it. */
async function expectReadable(race: Race, members: readonly Racer[], { messageId, userId, content }: StoredMessage) {
  const place = { roomId: ROOM, messageId, kind: { type: 'post' }, userId } as const;
  let roster: EpochRecord['roster'] | undefined;
  const readers = new Set<Racer>();
  for (const racer of race.racers) {
    const keys = await Promise.all(racer.store.epochs.map((record) => createEpochKey(record.secret, record)));
    const find = async (keyId: Bytes) => keys.find((key) => hexOf(key.keyId) === hexOf(keyId)) ?? 'key_not_here_yet';
    const opened = await openMessage(place, content, find, (json) => json as { text: string });
    if ('unreadable' in opened) continue;
    expect(opened.content.text).toBe(race.texts.get(messageId));
    roster = keys.find(({ keyId }) => base64UrlOf(keyId) === content.keyId)!.roster;
    readers.add(racer);
  }
  const wasThere = ({ device }: Racer): boolean =>
    roster!.some((one) => one.userId === device.userId && one.deviceId === device.deviceId);
  expect([...readers].every(wasThere)).toBe(true);
  expect(members.filter(wasThere).filter((member) => !readers.has(member))).toEqual([]);
}

function isIn(chain: RoomChain | null, { userId, identity }: TestPerson): boolean {
  return chain !== null && admissionOf(chain, userId, identity.publicKey) === 'admitted';
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
