import { type ChainItem, signChainItem } from '../chain/chain-item';
import { createGroupId } from '../chain/group-id';
import { admissionOf, type RoomChain } from '../chain/room-chain';
import { type EpochRecord } from '../room/ports';
import { RoomRefusal } from '../room/room-history';
import { copyBegunRoom } from './begun-room';
import { entryAt } from './entry-at';
import { CutError, type Faults } from './faults';
import { MemoryStore, ROOM } from './memory-room';
import { type MemoryServer } from './memory-server';
import { type TestDevice, type TestPerson } from './people';
import { Racer, type Tab } from './racer';
import { admitted } from './test-chain';
import { CrashError } from './turnstile';

const SECOND = 1000;
const HOUR = 3_600 * SECOND;

/** What one racer does, or what is done to somebody; and how often there is such an action, of a hundred. */
export const ACTIONS = {
  send: 25,
  edit: 8,
  renew: 8,
  remove: 10,
  leave: 3,
  admit: 12,
  'add device': 6,
  'end device': 5,
  'let in': 6,
  regroup: 2,
  'write junk': 3,
  'go offline': 3,
  'come online': 5,
  'wait a day': 4,
} as const;

/** An action of a race; the numbers choose whatever there is then. */
export interface Action {
  readonly kind: keyof typeof ACTIONS;
  readonly actor: number;
  readonly target: number;
}

/** A room with a server that is late and repeats, and devices that crash wherever they wait. */
export class Race {
  readonly racers: Racer[] = [];
  readonly texts = new Set<string>();
  readonly seen = { junk: 0, crashes: 0, cuts: 0, refusals: 0 };

  private constructor(
    readonly server: MemoryServer,
    private readonly faults: Faults,
  ) {}

  /** @returns a race of the people in the begun room */
  static async begin(faults: Faults): Promise<Race> {
    const { server, stores } = await copyBegunRoom();
    const race = new Race(server, faults);
    for (const [device, store] of stores) race.addRacer(device, store);
    return race;
  }

  /** Runs the actions beside each other. Whatever the server or a crash ends is taken up later. */
  async runRound(actions: readonly Action[]): Promise<void> {
    const outcomes = await this.faults.runAll(actions.map((action) => () => this.act(action)));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      if (outcome.reason instanceof CrashError) this.seen.crashes++;
      else if (outcome.reason instanceof CutError) this.seen.cuts++;
      else if (outcome.reason instanceof RoomRefusal) this.seen.refusals++;
      else throw outcome.reason;
    }
  }

  /** Everybody comes back, with nothing in their way any more. @returns those who are in the room then */
  async settle(): Promise<Racer[]> {
    for (const racer of this.racers) racer.isOffline = false;
    await this.faults.calm();
    const chain = await this.founder.tab(0).room.readChain();
    const members = this.racers.filter(({ device }) => this.belongs(chain, device));
    for (const racer of members) {
      this.server.time += 2 * HOUR;
      racer.restart();
      await racer.comeBack(racer.tab(0));
    }
    for (const racer of members) await racer.sendOutbox(racer.tab(0), () => this.epochsOf(racer.device.userId));
    // Somebody may only now have found the group broken, and set up another one.
    const { room, recovery } = this.founder.tab(0);
    await recovery.run(() => room.joinGroup().then(() => room.prepareToSeal()));
    for (const racer of members) await racer.comeBack(racer.tab(0));
    for (const racer of members) await racer.tab(0).room.catchUp();
    return members;
  }

  /** Stays in the room, and never loses the device. */
  private get founder(): Racer {
    return entryAt(this.racers, 0);
  }

  /** @returns all that the devices of a user have: what their vault will hold */
  epochsOf(userId: string): EpochRecord[] {
    return this.racers.filter(({ device }) => device.userId === userId).flatMap(({ store }) => store.epochs);
  }

  private addRacer(device: TestDevice, store: MemoryStore): Racer {
    const racer = new Racer(device, store, (own) => ({
      world: this.server,
      server: this.faults.unreliable(this.server, () => own.isOffline),
      store: this.faults.crashing(store),
      pause: async (milliseconds) => {
        await this.faults.gate();
        this.server.time += milliseconds;
      },
    }));
    this.racers.push(racer);
    return racer;
  }

  private async act(action: Action): Promise<void> {
    this.server.time += Math.floor(this.faults.random() * 20 * SECOND);
    const racer = entryAt(this.racers, action.actor);
    try {
      await this.actBy(racer, racer.tab(action.target), action);
    } catch (error) {
      if (error instanceof CrashError) racer.restart();
      throw error;
    }
  }

  private async actBy(racer: Racer, tab: Tab, { kind, target }: Action): Promise<void> {
    // The founder stays, so that there is always somebody.
    const person = entryAt(this.server.people.slice(1), target);
    switch (kind) {
      case 'send':
      case 'edit':
        this.write(racer, kind === 'edit');
        return racer.sendOutbox(tab, () => this.epochsOf(racer.device.userId));
      case 'renew':
        return this.renew(tab);
      case 'remove':
        return racer.device.person === person ? undefined : this.remove(racer, tab, person);
      case 'leave':
        return racer.device.userId === 'ann' ? undefined : this.remove(racer, tab, racer.device.person);
      case 'admit':
        this.server.setMember(person.userId, true);
        return this.admit(racer, tab, person);
      case 'add device':
        return this.addDevice(entryAt(this.server.people, target));
      case 'end device':
        return this.endDevice(entryAt(this.server.people, target), target);
      case 'let in':
        return void (await tab.room.addMissingDevices());
      case 'regroup': {
        const { groupIds } = await tab.room.readChain();
        return void (await tab.room.regroup(groupIds.length - 1));
      }
      case 'write junk':
        return this.writeJunk(racer, tab, target);
      case 'go offline':
        racer.isOffline = true;
        return;
      case 'come online':
        for (const one of this.racers) one.isOffline = false;
        return;
      case 'wait a day':
        this.server.time += 25 * HOUR;
    }
  }

  private write({ outbox, device }: Racer, isEdit: boolean): void {
    const own = this.server.messages.filter(({ userId }) => userId === device.userId);
    const edited = isEdit ? own[Math.floor(this.faults.random() * own.length)] : undefined;
    const text = `text ${this.texts.size}`;
    this.texts.add(text);
    outbox.push({ messageId: edited?.messageId ?? text, text, isEdit: edited !== undefined });
  }

  /** A hostile device appends what devices refuse, or what has a time that nobody should inherit. */
  private async writeJunk({ device }: Racer, { server, room }: Tab, target: number): Promise<void> {
    const { hashes, groupIds } = await room.readChain();
    const length = (await server.fetchChain(0)).length;
    const right: ChainItem = {
      roomId: ROOM,
      index: hashes.length,
      previous: entryAt(hashes, hashes.length - 1),
      time: this.server.time,
      author: device.certified,
      body: { kind: 'earlier_messages', allowed: true },
    };
    const groupId = createGroupId(ROOM, groupIds.length + 1);
    const changes: Partial<ChainItem>[] = [
      { time: 2 ** 50 },
      { previous: entryAt(hashes, 0) },
      { index: length + 1 },
      { author: this.founder.device.certified },
      { body: { kind: 'regrouped', generation: groupIds.length + 1, groupId } },
    ];
    const change = entryAt(changes, target);
    const signed = await signChainItem({ ...right, ...change }, device);
    await server.sendChainItem(length, signed, change.body ? groupId : null);
    this.seen.junk++;
  }

  private async renew({ room }: Tab): Promise<void> {
    let before: number | undefined;
    await room.changeGroup(({ group }) => ((before ??= group.epoch) === group.epoch ? {} : null));
  }

  private async remove({ device }: Racer, { room }: Tab, person: TestPerson): Promise<void> {
    this.server.setMember(person.userId, false);
    await room.appendToChain((chain) =>
      isIn(chain, person) && isIn(chain, device.person) ? { kind: 'removed', userId: person.userId } : null,
    );
    if (device.person !== person) await room.prepareToSeal();
  }

  private async admit({ device }: Racer, { room }: Tab, person: TestPerson): Promise<void> {
    await room.appendToChain((chain) => (isIn(chain, person) || !isIn(chain, device.person) ? null : admitted(person)));
  }

  private async addDevice(person: TestPerson): Promise<void> {
    const listed = person.list.devices.map(({ deviceId }) => deviceId);
    const device = person.devices.find(({ deviceId }) => !listed.includes(deviceId));
    if (!device) return;
    person.listDevice(device);
    const { access } = this.addRacer(device, new MemoryStore()).tab(0);
    await access.keyPackages.renew();
  }

  private endDevice(person: TestPerson, target: number): void {
    const live = person.devices.filter((device) => person.isLive(device));
    const device = live[target % live.length];
    if (device && device !== this.founder.device) this.server.endDevice(person, device.deviceId);
  }

  private belongs(chain: RoomChain, device: TestDevice): boolean {
    const { person } = device;
    return (
      person.isLive(device) && isIn(chain, person) && this.server.isMember(person.userId, this.server.memberVersion)
    );
  }
}

function isIn(chain: RoomChain | null, { userId, identity }: TestPerson): boolean {
  return chain !== null && admissionOf(chain, userId, identity.publicKey) === 'admitted';
}
