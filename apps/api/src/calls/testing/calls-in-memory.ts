import { randomUUID } from 'node:crypto';
import type { INestApplicationContext, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getStorageToken } from '@nestjs/throttler';
import { Entries } from '../../chat/entries';
import { MemoryEntries } from '../../chat/testing/memory-entries';
import { APP_CONFIG } from '../../config/app-config';
import { loadConfig } from '../../config/load-config';
import { Live } from '../../platform/live/live';
import { MemoryLive } from '../../platform/live/memory-live';
import { Background } from '../../platform/realtime/background';
import { Outgoing } from '../../platform/realtime/outgoing';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoom } from '../../platform/realtime/socket';
import { type MemorySocket, MemorySockets } from '../../platform/realtime/testing/memory-sockets';
import { Turns } from '../../platform/realtime/turns';
import { REDIS } from '../../platform/redis/redis.module';
import { Budgets } from '../../platform/throttling/budgets';
import { MemoryStorage } from '../../platform/throttling/memory-storage';
import { RoomEvents } from '../../rooms/room-events';
import { RoomsService } from '../../rooms/rooms.service';
import { MemoryRooms, type Person } from '../../rooms/testing/memory-rooms';
import { CallHistory } from '../records/call-history';
import { CallRecords } from '../records/call-records';
import { CallsModule } from '../calls.module';
import { CallsService } from '../session/calls.service';
import { Engaged } from '../core/engaged';
import { KnocksService } from '../knocks/knocks.service';
import { ModerationService } from '../moderation/moderation.service';
import { RingCallees } from '../rings/ring-callees';
import { RingDevices } from '../rings/ring-devices';
import { RingRecords } from '../rings/ring-records';
import { RingsService } from '../rings/rings.service';
import { SignalsService } from '../signals/signals.service';
import { Device, handlersOf } from './device';
import { MemoryCallees } from './memory-callees';
import { MemoryCallRecords, MemoryRingRecords } from './memory-records';

/** What calls need of the database, which has a twin here, or do not need at all. */
const ABSENT = new Set<unknown>([CallRecords, RingRecords, RingCallees, CallHistory]);

/** The services of calls as the module puts them together, with its own times; not the gateways, which need the wire. */
function ownProviders(): Provider[] {
  const providers = Reflect.getMetadata('providers', CallsModule) as Provider[];
  return providers.filter((each) => !ABSENT.has(each) && !Reflect.hasMetadata('websockets:is_gateway', each));
}

/**
 * All of calls in this process, on a clock that stands still until it is told to go on: rules and times are those of
 * production, and minutes pass in a moment. Rooms, rows and sockets are twins in memory.
 */
export class CallsInMemory {
  rooms!: MemoryRooms;
  entries!: MemoryEntries;
  calls!: MemoryCallRecords;
  rings!: MemoryRingRecords;
  private sockets!: MemorySockets;
  private context!: INestApplicationContext;

  /** Declares the hooks that begin anew for each test. */
  static use(): CallsInMemory {
    const all = new CallsInMemory();
    beforeEach(() => all.begin());
    afterEach(() => all.end());
    return all;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.context.get<T>(type);
  }

  /** Somebody's socket; without a session of theirs it is another device. */
  device(person: Person, sessionId: string = randomUUID()): Device {
    const principal = { userId: person.id, sessionId, guest: person.guest };
    const rooms = [socketRoom.user(person.id), socketRoom.session(sessionId)];
    const socket = this.sockets.connect(principal, [...rooms, ...this.rooms.idsOf(person.id).map(socketRoom.room)]);
    socket.onClosed = (over) => this.closed(socket, over);
    return new Device(
      socket,
      (from, command, payload) => this.ask(from, command, payload),
      () => this.settled(),
    );
  }

  /** Another tab of the same device, or the same one that comes back. */
  again({ socket }: Device): Device {
    const { userId, sessionId } = socket.data.principal;
    return this.device(this.rooms.person(userId), sessionId);
  }

  /** Time goes by, and everything that is due is done. */
  async pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
    await this.settled();
  }

  /** Everything that follows from what was asked has been done. */
  async settled(): Promise<void> {
    await this.get(Background).settled();
    await jest.advanceTimersByTimeAsync(0);
  }

  private async begin(): Promise<void> {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const live = new MemoryLive();
    const realtime = new Realtime(live);
    const events = new RoomEvents();
    this.sockets = new MemorySockets();
    realtime.attach(this.sockets.asServer());
    this.rooms = new MemoryRooms(realtime, events);
    this.entries = new MemoryEntries(realtime);
    this.calls = new MemoryCallRecords(this.entries);
    this.rings = new MemoryRingRecords(this.entries, this.rooms);
    const config = loadConfig({
      APP_ENV: 'test',
      JWT_SECRET: 'signs-the-tokens-of-tests-in-memory-1',
      REGISTRATION_SECRET: 'fjord-lamp-42',
      DATABASE_URL: 'postgres://nowhere',
    });
    const providers: Provider[] = [
      ...ownProviders(),
      { provide: APP_CONFIG, useValue: config },
      { provide: Live, useValue: live },
      { provide: REDIS, useValue: null },
      { provide: Realtime, useValue: realtime },
      { provide: RoomEvents, useValue: events },
      { provide: RoomsService, useValue: this.rooms },
      { provide: Entries, useValue: this.entries },
      { provide: CallRecords, useValue: this.calls },
      { provide: RingRecords, useValue: this.rings },
      {
        provide: RingCallees,
        inject: [Engaged],
        useFactory: (engaged: Engaged) => new MemoryCallees(this.rooms, engaged),
      },
      { provide: getStorageToken(), useClass: MemoryStorage },
      Budgets,
      Background,
      Outgoing,
      Turns,
    ];
    const module = { module: class InMemory {}, providers };
    this.context = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  }

  private async end(): Promise<void> {
    await this.context.close();
    jest.useRealTimers();
  }

  private async ask(socket: MemorySocket, command: Parameters<Device['ask']>[0], payload: object): Promise<unknown> {
    const services = {
      calls: this.get(CallsService),
      rings: this.get(RingsService),
      knocks: this.get(KnocksService),
      moderation: this.get(ModerationService),
      signals: this.get(SignalsService),
    };
    const { principal } = socket.data;
    const from = socket.asServerSocket();
    const handler = handlersOf(services)[command] as (
      ...asked: [typeof principal, typeof from, object]
    ) => Promise<unknown>;
    const answer = this.get(Turns).arrived(from, command, () => handler(principal, from, payload));
    try {
      return await answer;
    } finally {
      await this.settled();
    }
  }

  /** As the gateways do when a socket is closed. */
  private closed(socket: MemorySocket, over: boolean): void {
    if (!socket.connected) return;
    socket.connected = false;
    socket.rooms.clear();
    this.sockets.open.delete(socket);
    const from = socket.asServerSocket();
    const background = this.get(Background);
    background.run('leaving the seat of a socket', () => this.get(CallsService).disconnected(from, over));
    background.run('taking back the knocks of a socket', () => this.get(KnocksService).disconnected(from));
    background.run('silencing the device of a socket', () => this.get(RingDevices).gone(from));
  }
}
