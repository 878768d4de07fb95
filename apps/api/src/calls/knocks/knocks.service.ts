import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { KnockAnsweredEvent } from '@webcall/contracts';
import { knock, renameInCall, settleDoor, stopKnocking } from '@webcall/domain';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { keyedId } from '../../platform/access/keyed-id';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import type { Leases } from '../../platform/live/leases';
import { Live } from '../../platform/live/live';
import { Background } from '../../platform/realtime/background';
import type { ServerSocket } from '../../platform/realtime/socket';
import { Turns } from '../../platform/realtime/turns';
import { RoomsService } from '../../rooms/rooms.service';
import { LiveCalls } from '../core/live-calls';
import { SEAT_LEASE_MS, Seats } from '../core/seats';

/** A socket of this process that waits to be let into a call. */
interface Wait {
  readonly roomId: string;
  /** The knock is the device's: several of its tabs may wait with it. */
  readonly knockId: string;
  readonly socket: ServerSocket;
}

/**
 * Devices that wait at the doors of calls. Each waiting socket has a lease, so that a knock goes with the last of them,
 * also when their replica died.
 */
@Injectable()
export class KnocksService implements OnModuleInit, OnApplicationShutdown {
  private readonly leases: Leases;
  private readonly keeper: LeaseKeeper;
  private readonly waits = new Set<Wait>();
  private forgotten = new Set<Wait>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    live: Live,
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly seats: Seats,
    private readonly turns: Turns,
    private readonly background: Background,
    @Inject(SEAT_LEASE_MS) private readonly ttlMs: number,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    this.leases = live.leases('knocks');
    this.keeper = new LeaseKeeper(this.leases, {
      name: 'knocks',
      ttlMs,
      onExpired: ({ group: roomId, member }) => this.endUnlessHeld(roomId, knockIdOf(member)),
    });
  }

  onModuleInit(): void {
    this.keeper.start();
    this.calls.told.subscribe(({ roomId, change }) => {
      if (change.type !== 'unknocked') return;
      for (const wait of this.find(roomId, change.knockId)) this.answer(wait, change.outcome);
    });
    const findForgotten = (): void => this.background.run('finding forgotten knocks', () => this.findForgotten());
    this.timer = setInterval(findForgotten, this.ttlMs / 3).unref();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
    clearInterval(this.timer);
  }

  /** Waits until `knock:answered`, which comes at once for who need not wait. */
  async start(who: Principal, socket: ServerSocket, room: string): Promise<void> {
    await this.turns.whileConnected(socket, async () => {
      const { roomId, role, door, userName: name } = await this.rooms.requireMember(who, room, 'call:join');
      const visitor = { id: this.idOf(roomId, who.sessionId), userId: who.userId, name };
      const wait = this.of(socket, roomId) ?? { roomId, knockId: visitor.id, socket };
      // The lease comes before the knock: a knock without one would never go.
      await this.keeper.keep(leaseOf(wait));
      this.waits.add(wait);
      try {
        const taken = await this.seats.take(roomId, (live) => {
          if (!live) throw new AppError('call_not_running');
          return { step: knock(live.call, visitor, role, door) };
        });
        if (!taken?.state.knocks.some(({ id }) => id === visitor.id)) return this.answer(wait, 'admitted');
        // A door that changed, and a member who was taken out or renamed, in the meantime found no knock yet.
        const now = await this.rooms.requireMember(who, roomId, 'call:join');
        if (now.door !== door)
          await this.seats.take(roomId, (live) => live && { step: settleDoor(live.call, now.door) });
        if (now.userName !== name)
          await this.seats.take(roomId, (live) => live && { step: renameInCall(live.call, who.userId, now.userName) });
      } catch (error) {
        await this.stop(wait);
        throw error;
      }
    });
  }

  async cancel(who: Principal, socket: ServerSocket, room: string): Promise<void> {
    await this.turns.whileConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, room, 'room:read');
      const wait = this.of(socket, roomId);
      if (wait) await this.stop(wait);
    });
  }

  async disconnected(socket: ServerSocket): Promise<void> {
    await this.turns.afterAll(socket, async () => {
      const waits = [...this.waits].filter((wait) => wait.socket === socket);
      // All at once: what cannot be released now runs out by itself.
      for (const wait of waits) this.forget(wait);
      for (const wait of waits) await this.stop(wait);
    });
  }

  /** One for all tabs of a device, at whichever replica; the session itself is nobody else's business. */
  private idOf(roomId: string, sessionId: string): string {
    return keyedId(this.config.jwtSecret, `knock ${roomId} ${sessionId}`);
  }

  private find(roomId: string, knockId: string): Wait[] {
    return [...this.waits].filter((wait) => wait.roomId === roomId && wait.knockId === knockId);
  }

  private of(socket: ServerSocket, roomId: string): Wait | undefined {
    return [...this.waits].find((wait) => wait.socket === socket && wait.roomId === roomId);
  }

  private answer(wait: Wait, outcome: KnockAnsweredEvent['outcome']): void {
    this.waits.delete(wait);
    wait.socket.emit('knock:answered', { roomId: wait.roomId, outcome });
    this.background.run('releasing a knock', () => this.keeper.release(leaseOf(wait)));
  }

  private forget(wait: Wait): void {
    this.waits.delete(wait);
    this.keeper.forget(leaseOf(wait));
  }

  private async stop(wait: Wait): Promise<void> {
    this.forget(wait);
    await this.keeper.release(leaseOf(wait));
    await this.endUnlessHeld(wait.roomId, wait.knockId);
  }

  /** Takes a knock back unless a socket of its device still waits, here or at another replica. */
  private async endUnlessHeld(roomId: string, knockId: string): Promise<void> {
    await this.seats.take(roomId, async (live) => {
      if (!live?.call.knocks.some(({ id }) => id === knockId)) return undefined;
      const [held = []] = await this.leases.members([roomId]);
      return held.some((member) => knockIdOf(member) === knockId)
        ? undefined
        : { step: stopKnocking(live.call, knockId) };
    });
  }

  /** A store that has lost its data tells nobody. Who is missing twice in a row may have been about to knock before. */
  private async findForgotten(): Promise<void> {
    const waits = [...this.waits];
    const running = await this.calls.running(waits.map(({ roomId }) => roomId));
    const known = new Set(running.flatMap((call) => call.knocks.map(({ id }) => `${call.roomId} ${id}`)));
    const missing = waits.filter(({ roomId, knockId }) => !known.has(`${roomId} ${knockId}`));
    for (const wait of missing) if (this.forgotten.has(wait) && this.waits.has(wait)) this.answer(wait, 'gone');
    this.forgotten = new Set(missing);
  }
}

function leaseOf({ roomId, knockId, socket }: Wait): { group: string; member: string } {
  return { group: roomId, member: `${knockId} ${socket.id}` };
}

function knockIdOf(member: string): string {
  return member.replace(/ .*/, '');
}
