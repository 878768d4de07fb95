import type { INestApplicationContext, Provider, Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { getStorageToken } from '@nestjs/throttler';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { MessageAnnouncer } from '../../chat/message-announcer';
import { RoomEntries } from '../../chat/room-entries';
import { MemoryRoomEntries } from '../../chat/testing/memory-room-entries';
import { APP_CONFIG } from '../../config/app-config';
import { loadAppConfig } from '../../config/load-config';
import { EventBus, eventMetricProviders } from '../../platform/events/event-bus';
import { LeaseKeepers, leaseMetricProviders } from '../../platform/live/lease-keepers';
import { LiveStore } from '../../platform/live/live-store';
import { MemoryLiveStore } from '../../platform/live/memory-live-store';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { OutgoingBuffers } from '../../platform/realtime/outgoing-buffers';
import { Realtime } from '../../platform/realtime/realtime';
import { REALTIME_GATEWAY } from '../../platform/realtime/realtime-gateway';
import { socketRoomName } from '../../platform/realtime/server-socket';
import { SocketCommandQueue } from '../../platform/realtime/socket-command-queue';
import { commandsOfGateway } from '../../platform/realtime/socket-commands';
import { type MemorySocket, MemorySockets } from '../../platform/realtime/testing/memory-sockets';
import { REDIS_CLIENT } from '../../platform/redis/redis.module';
import { LimitBudgets } from '../../platform/throttling/limit-budgets';
import { MemoryLimitStorage } from '../../platform/throttling/memory-limit-storage';
import { RoomsService } from '../../rooms/rooms.service';
import { type MemoryPerson, MemoryRooms } from '../../rooms/testing/memory-rooms';
import { CallsModule } from '../calls.module';
import { LiveCallPresence } from '../core/live-call-presence';
import { KnocksService } from '../knocks/knocks.service';
import { ModerationService } from '../moderation/moderation.service';
import { CallHistory } from '../records/call-history';
import { CallRecords } from '../records/call-records';
import { RingCallees } from '../rings/ring-callees';
import { RingDevices } from '../rings/ring-devices';
import { RingRecords } from '../rings/ring-records';
import { RingsService } from '../rings/rings.service';
import { CallsService } from '../session/calls.service';
import { SignalsService } from '../signals/signals.service';
import { commandHandlersOf, Device } from './device';
import { MemoryCallees } from './memory-callees';
import { MemoryCallRecords, MemoryRingRecords } from './memory-records';

/** Database providers of calls that are replaced by in-memory versions, or left out as nothing here needs them. */
const REPLACED_PROVIDERS = new Set<unknown>([CallRecords, RingRecords, RingCallees, CallHistory]);

const CALLS_PROVIDERS = Reflect.getMetadata('providers', CallsModule) as Provider[];
const isGateway = (provider: Provider): provider is Type => Reflect.hasMetadata(REALTIME_GATEWAY, provider);

const ORDERED_COMMANDS = new Set(
  CALLS_PROVIDERS.filter(isGateway)
    .flatMap(commandsOfGateway)
    .flatMap(({ name, ordered }) => (ordered ? name : [])),
);

/** The providers of `CallsModule` with its production times; without the gateways, which need a real connection. */
function callsProviders(): Provider[] {
  return CALLS_PROVIDERS.filter((each) => !REPLACED_PROVIDERS.has(each) && !isGateway(each));
}

/**
 * The whole calls module in this process for tests, with a fake clock that moves only by `advanceTime`. Rules and times
 * are those of production; rooms, rows and sockets are in-memory versions.
 */
export class CallsInMemory {
  rooms!: MemoryRooms;
  entries!: MemoryRoomEntries;
  calls!: MemoryCallRecords;
  rings!: MemoryRingRecords;
  private sockets!: MemorySockets;
  private context!: INestApplicationContext;

  /** Registers hooks that create a new context for each test. */
  static registerTestHooks(): CallsInMemory {
    const all = new CallsInMemory();
    beforeEach(() => all.createContext());
    afterEach(() => all.closeContext());
    return all;
  }

  getProvider<T>(type: abstract new (...args: never[]) => T): T {
    return this.context.get<T>(type);
  }

  /** Connects a socket of a person; without a given session it is a new device. */
  connectDevice(person: MemoryPerson, sessionId: string = randomUUID()): Device {
    const principal = { userId: person.id, sessionId, guest: person.guest };
    const rooms = [socketRoomName.user(person.id), socketRoomName.session(sessionId)];
    const socket = this.sockets.openMemorySocket(principal, [
      ...rooms,
      ...this.rooms.collectRoomIds(person.id).map(socketRoomName.room),
    ]);
    socket.onClosed = (sessionOver) => this.simulateSocketClose(socket, sessionOver);
    return new Device(
      socket,
      (from, command, payload) => this.executeCommand(from, command, payload),
      () => this.waitUntilSettled(),
    );
  }

  /** Connects another socket of the same device: another tab, or a reconnect. */
  reconnectDevice({ socket }: Device): Device {
    const { userId, sessionId } = socket.data.principal;
    return this.connectDevice(this.rooms.requirePerson(userId), sessionId);
  }

  /** Moves the clock on, and waits until everything that is due is done. */
  async advanceTime(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
    await this.waitUntilSettled();
  }

  /** Waits until everything that follows from the commands so far is done. */
  async waitUntilSettled(): Promise<void> {
    await this.getProvider(BackgroundTasks).waitForBackgroundTasks();
    await jest.advanceTimersByTimeAsync(0);
  }

  private async createContext(): Promise<void> {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const live = new MemoryLiveStore();
    const realtime = new Realtime(live);
    const findEventBus = (): EventBus => this.getProvider(EventBus);
    this.sockets = new MemorySockets();
    realtime.attachServer(this.sockets.asRealtimeServer());
    this.rooms = new MemoryRooms(realtime, findEventBus);
    this.entries = new MemoryRoomEntries(findEventBus);
    this.calls = new MemoryCallRecords(this.entries);
    this.rings = new MemoryRingRecords(this.entries, this.rooms);
    const config = loadAppConfig({
      APP_ENV: 'test',
      JWT_SECRET: 'signs-the-tokens-of-tests-in-memory-1',
      REGISTRATION_SECRET: 'fjord-lamp-42',
      DATABASE_URL: 'postgres://nowhere',
    });
    const providers: Provider[] = [
      ...callsProviders(),
      { provide: APP_CONFIG, useValue: config },
      { provide: LiveStore, useValue: live },
      LeaseKeepers,
      ...leaseMetricProviders,
      { provide: REDIS_CLIENT, useValue: null },
      { provide: Realtime, useValue: realtime },
      EventBus,
      ...eventMetricProviders,
      // What is in memory has neither statements nor transactions.
      { provide: DataSource, useValue: { createEntityManager: () => ({}) } },
      MessageAnnouncer,
      { provide: RoomsService, useValue: this.rooms },
      { provide: RoomEntries, useValue: this.entries },
      { provide: CallRecords, useValue: this.calls },
      { provide: RingRecords, useValue: this.rings },
      {
        provide: RingCallees,
        inject: [LiveCallPresence],
        useFactory: (callPresence: LiveCallPresence) => new MemoryCallees(this.rooms, callPresence),
      },
      { provide: getStorageToken(), useClass: MemoryLimitStorage },
      LimitBudgets,
      BackgroundTasks,
      OutgoingBuffers,
      SocketCommandQueue,
    ];
    const module = { module: class InMemory {}, imports: [DiscoveryModule], providers };
    this.context = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  }

  private async closeContext(): Promise<void> {
    await this.context.close();
    jest.useRealTimers();
  }

  private async executeCommand(
    socket: MemorySocket,
    command: Parameters<Device['requestCommand']>[0],
    payload: object,
  ): Promise<unknown> {
    const services = {
      calls: this.getProvider(CallsService),
      rings: this.getProvider(RingsService),
      knocks: this.getProvider(KnocksService),
      moderation: this.getProvider(ModerationService),
      signals: this.getProvider(SignalsService),
    };
    const { principal } = socket.data;
    const from = socket.asServerSocket();
    const handler = commandHandlersOf(services)[command] as (
      ...args: [typeof principal, typeof from, object]
    ) => Promise<unknown>;
    const run = (): Promise<unknown> => handler(principal, from, payload);
    const queue = this.getProvider(SocketCommandQueue);
    try {
      return await (ORDERED_COMMANDS.has(command) ? queue.startCommandInQueue(from, run) : run());
    } finally {
      await this.waitUntilSettled();
    }
  }

  /** Does what the gateways do when a socket is closed. */
  private simulateSocketClose(socket: MemorySocket, sessionOver: boolean): void {
    if (!socket.connected) return;
    socket.connected = false;
    socket.rooms.clear();
    this.sockets.open.delete(socket);
    const from = socket.asServerSocket();
    const background = this.getProvider(BackgroundTasks);
    background.runInBackground('leaving the seat of a socket', () =>
      this.getProvider(CallsService).handleSeatDisconnect(from, sessionOver),
    );
    background.runInBackground('cancelling the knocks of a socket', () =>
      this.getProvider(KnocksService).cancelKnocksOfSocket(from),
    );
    background.runInBackground('releasing the ringing devices of a socket', () =>
      this.getProvider(RingDevices).releaseDevicesOfSocket(from),
    );
  }
}
