import fc from 'fast-check';
import { hexOf } from '../bytes/bytes';
import { memoryVault, MemoryVaultServer, MemoryVaultStore } from '../testing/memory-vault';
import { type TestDevice, TestPerson } from '../testing/people';
import { CrashError, randomOf, Turnstile } from '../testing/turnstile';
import { createPhrase } from './phrase';
import { epochOf, personOf } from './testing/attacked-vault';
import { type Vault } from './vault';
import { VaultRefusal } from './vault-refusal';

/** In lots, so that none takes long on a busy machine. */
const LOTS = ['first', 'second', 'third', 'fourth'];
const RUNS_OF_LOT = 5;

const DEVICES = ['phone', 'laptop', 'tablet'];
const ACTIONS = ['learn', 'learn', 'same epoch', 'same epoch', 'renew', 'end device', 'new phrase'] as const;

/** Their keys are made once: that takes longer than a race. */
const owner = TestPerson.create('ann', DEVICES);
const phrases = [createPhrase(), createPhrase()];
const seen = { records: 0, rosters: 0, generations: 0, crashes: 0, refusals: 0 };

interface Action {
  readonly kind: (typeof ACTIONS)[number];
  readonly actor: number;
  readonly number: number;
}

/** A device in the race: its store outlives crashes, everything else does not. */
interface Racer {
  readonly device: TestDevice;
  readonly store: MemoryVaultStore;
  readonly vault: Vault;
}

/** The vault of a user whose devices crash wherever they wait, at a server that is late and repeats. */
class Race {
  readonly server = new MemoryVaultServer();
  readonly racers: Racer[] = [];
  readonly learnt = new Set<string>();
  private isCalm = true;
  private readonly random: () => number;
  private readonly turnstile: Turnstile;

  constructor(
    readonly person: TestPerson,
    seed: number,
  ) {
    this.random = randomOf(seed);
    this.turnstile = new Turnstile(this.random);
  }

  async begin(): Promise<void> {
    this.person.listOnly(DEVICES);
    for (const device of this.person.devices) {
      const store = new MemoryVaultStore();
      const vault = memoryVault(device, this.unreliable(this.server), { store: this.unreliable(store) });
      this.racers.push({ device, store, vault });
    }
    const [first, ...others] = this.racers;
    await first!.vault.create(this.person.identitySeed);
    const view = await first!.vault.followDevices(this.person.list);
    for (const { vault } of others) await vault.openByDevice(view);
    this.isCalm = false;
  }

  /** Runs the actions beside each other. Whatever the server or a crash ends is taken up later. */
  async runRound(actions: readonly Action[]): Promise<void> {
    for (const outcome of await this.turnstile.runAll(actions.map((action) => () => this.act(action)))) {
      if (outcome.status === 'fulfilled') continue;
      if (outcome.reason instanceof CrashError) seen.crashes++;
      else if (outcome.reason instanceof VaultRefusal) seen.refusals++;
      else throw outcome.reason;
    }
  }

  /** Everybody comes back, with nothing in their way any more. @returns those whose device lives */
  async settle(): Promise<Racer[]> {
    this.isCalm = true;
    const live = this.racers.filter(({ device }) => this.person.isLive(device));
    for (const { vault } of live) await vault.followDevices(this.person.list);
    for (const { vault } of live) await vault.sendWaiting();
    for (const { vault } of live) await vault.catchUp();
    return live;
  }

  private async act({ kind, actor, number }: Action): Promise<void> {
    const { vault } = this.racers[actor % this.racers.length]!;
    switch (kind) {
      case 'learn':
        await vault.append([personOf(`user ${number}`)]);
        this.learnt.add(`user ${number}`);
        return;
      case 'same epoch':
        return vault.append([epochWithRoster(number % 5)]);
      case 'renew':
        await vault.renew(this.person.list);
        return;
      case 'new phrase':
        await vault.replacePhrase(this.person.list, phrases[number % phrases.length]!);
        return;
      case 'end device':
        // The first one stays, so that there is always somebody.
        if (this.person.isLive(this.racers[1]!.device)) this.person.endDevice('laptop');
        await vault.followDevices(this.person.list);
    }
  }

  /** Crashes before or after the effect, gives only the beginning of a list, or does a thing twice. */
  private unreliable<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver) as unknown;
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]) => {
          await this.gate();
          if (!this.isCalm && name === 'appendToLog' && this.random() < 0.1) await method.apply(target, parameters);
          const result: unknown = await method.apply(target, parameters);
          await this.gate();
          if (this.isCalm || !String(name).startsWith('fetch') || !Array.isArray(result)) return result;
          return this.random() > 0.15 ? result : result.slice(0, Math.floor(this.random() * result.length));
        };
      },
    });
  }

  private async gate(): Promise<void> {
    if (this.isCalm) return;
    await this.turnstile.gate();
    if (this.random() < 0.01) throw new CrashError();
  }
}

const action = fc.record<Action>({ kind: fc.constantFrom(...ACTIONS), actor: fc.nat(5), number: fc.nat(99) });
const rounds = fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 6 });

it.each(LOTS)('no record is lost or doubled, whatever races, crashes, is late or comes twice: %s lot', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, fc.integer(), async (all, seed) => {
      const race = new Race(await owner, seed);
      await race.begin();
      for (const round of all) await race.runRound(round);
      const waiting = await waitingOf(race);
      const live = await race.settle();
      const { entries } = race.server;
      const ids = entries.flatMap((entry) => (entry.kind === 'record' ? hexOf(entry.recordId) : []));
      expect(new Set(ids).size).toBe(ids.length);
      // The others are rosters, which no store has as records.
      const kept = ids.filter((id) => live[0]!.store.records.has(id));
      for (const { store } of live) {
        expect([...store.records.keys()]).toEqual(kept);
        for (const { record } of store.records.values())
          if (record.kind === 'epoch') expect(record).toEqual(epochWithRoster(record.epoch));
      }
      expect(ids).toEqual(expect.arrayContaining(waiting));
      for (const racer of race.racers.filter((one) => !live.includes(one)))
        await expect(racer.vault.catchUp()).rejects.toMatchObject({ reason: 'no_wrap' });
      expect([...live[0]!.store.contents.people.keys()]).toEqual(expect.arrayContaining([...race.learnt]));
      seen.records += kept.length;
      seen.rosters += ids.length - kept.length;
      seen.generations += entries.length - ids.length;
    }),
    { numRuns: RUNS_OF_LOT },
  );
});

it('was a race: there were records, rosters, generations, crashes and refusals', () => {
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

/** @returns the record of an epoch, always the same one, with another roster than those of others */
function epochWithRoster(epoch: number): ReturnType<typeof epochOf> {
  const roster = Array.from({ length: epoch }, (_, i) => ({
    ...{ userId: 'ann', deviceId: `device ${epoch - i}` },
    ...{ identity: new Uint8Array(32), signingKey: new Uint8Array(32).fill(epoch - i) },
  }));
  return { ...epochOf(epoch), roster };
}

/** @returns the ids of what live devices have said, and nobody has yet */
async function waitingOf({ racers, person }: Race): Promise<string[]> {
  const live = racers.filter(({ device }) => person.isLive(device));
  const waiting = await Promise.all(live.map(({ store }) => store.readWaiting()));
  return waiting.flat().map(({ recordId }) => hexOf(recordId));
}
