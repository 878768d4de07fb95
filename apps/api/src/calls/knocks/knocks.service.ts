import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { KnockAnsweredEvent } from '@webcall/contracts';
import { applyDoorChange, knockAtDoor, renameUserInCall, withdrawKnock } from '@webcall/domain';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import type { Principal } from '../../platform/access/principal';
import { deriveKeyedId } from '../../platform/access/secrets';
import { AppError } from '../../platform/http/app-error';
import { ForgottenFinder } from '../../platform/live/forgotten-finder';
import type { LeaseKeeper } from '../../platform/live/lease-keeper';
import { LeaseKeepers } from '../../platform/live/lease-keepers';
import type { Lease } from '../../platform/live/leases';
import type { TypedLeases } from '../../platform/live/typed-leases';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { SocketCommandQueue } from '../../platform/realtime/socket-command-queue';
import { RoomsService } from '../../rooms/rooms.service';
import { KNOCK_LEASES, type KnockingSocket } from '../core/call-leases';
import { CallTransitions, SEAT_LEASE_MS } from '../core/call-transitions';
import { LiveCalls } from '../core/live-calls';

/** A socket of this process that waits to be let into a call. */
interface KnockWait {
  readonly roomId: string;
  /** Id of the device's knock, which several of its tabs may share. */
  readonly knockId: string;
  readonly socket: ServerSocket;
}

/**
 * Manages the knocks of devices that wait to be let into calls. Each waiting socket has a lease, so that a knock ends
 * with the last socket of its device, even if their replica dies.
 */
@Injectable()
export class KnocksService implements OnModuleInit {
  private readonly leases: TypedLeases<string, KnockingSocket>;
  private readonly keeper: LeaseKeeper<string, KnockingSocket>;
  private readonly waits = new Set<KnockWait>();
  private readonly forgottenWaits = new ForgottenFinder(() => this.findWaitsWithoutKnock());

  constructor(
    keepers: LeaseKeepers,
    private readonly rooms: RoomsService,
    private readonly calls: LiveCalls,
    private readonly transitions: CallTransitions,
    private readonly turns: SocketCommandQueue,
    private readonly background: BackgroundTasks,
    @Inject(SEAT_LEASE_MS) private readonly ttlMs: number,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    this.leases = keepers.createLeases(KNOCK_LEASES);
    this.keeper = keepers.createKeeper(this.leases, {
      ttlMs,
      onExpired: ({ group: roomId, member: { knockId } }) => this.endKnockUnlessHeld(roomId, knockId),
    });
  }

  onModuleInit(): void {
    this.calls.callEvents.subscribe(({ roomId, change }) => {
      if (change.type !== 'unknocked') return;
      for (const wait of this.findWaitsOfKnock(roomId, change.knockId)) this.endWaitWithOutcome(wait, change.outcome);
    });
    this.background.repeatInBackground('answering forgotten knocks', this.ttlMs / 3, () => this.answerForgottenWaits());
  }

  /** The socket waits until `knock:answered`, which is sent at once if the device need not wait. */
  async startKnocking(who: Principal, socket: ServerSocket, room: string): Promise<void> {
    await this.turns.runInTurnIfConnected(socket, async () => {
      const { roomId, role, door, userName: name } = await this.rooms.requireMember(who, room, 'call:join');
      const visitor = { id: this.knockIdOfDevice(roomId, who.sessionId), userId: who.userId, name };
      const wait = this.findWaitOfSocket(socket, roomId) ?? { roomId, knockId: visitor.id, socket };
      // The lease comes before the knock: a knock without a lease would never end.
      await this.keeper.keepLeaseRenewed(knockLeaseOf(wait));
      this.waits.add(wait);
      try {
        const applied = await this.transitions.applyTransition(roomId, (live) => {
          if (!live) throw new AppError('call_not_running');
          return { step: knockAtDoor(live.call, visitor, role, door) };
        });
        if (!applied?.state.knocks.some(({ id }) => id === visitor.id))
          return this.endWaitWithOutcome(wait, 'admitted');
        // If the door changed or the member was removed or renamed meanwhile, there was no knock to apply it to yet.
        const now = await this.rooms.requireMember(who, roomId, 'call:join');
        if (now.door !== door)
          await this.transitions.applyTransition(
            roomId,
            (live) => live && { step: applyDoorChange(live.call, now.door) },
          );
        if (now.userName !== name)
          await this.transitions.applyTransition(
            roomId,
            (live) => live && { step: renameUserInCall(live.call, who.userId, now.userName) },
          );
      } catch (error) {
        await this.stopKnockWait(wait);
        throw error;
      }
    });
  }

  async cancelOwnKnock(who: Principal, socket: ServerSocket, room: string): Promise<void> {
    await this.turns.runInTurnIfConnected(socket, async () => {
      const { roomId } = await this.rooms.requireMember(who, room, 'room:read');
      const wait = this.findWaitOfSocket(socket, roomId);
      if (wait) await this.stopKnockWait(wait);
    });
  }

  async cancelKnocksOfSocket(socket: ServerSocket): Promise<void> {
    await this.turns.runAfterCommands(socket, async () => {
      const waits = [...this.waits].filter((wait) => wait.socket === socket);
      // All are forgotten first: leases that cannot be released now expire by themselves.
      for (const wait of waits) this.forgetKnockWait(wait);
      for (const wait of waits) await this.stopKnockWait(wait);
    });
  }

  /** The same for all tabs of a device on every replica. Derived, because others must not learn the session's id. */
  private knockIdOfDevice(roomId: string, sessionId: string): string {
    return deriveKeyedId(this.config.jwtSecret, `knock ${roomId} ${sessionId}`);
  }

  private findWaitsOfKnock(roomId: string, knockId: string): KnockWait[] {
    return [...this.waits].filter((wait) => wait.roomId === roomId && wait.knockId === knockId);
  }

  private findWaitOfSocket(socket: ServerSocket, roomId: string): KnockWait | undefined {
    return [...this.waits].find((wait) => wait.socket === socket && wait.roomId === roomId);
  }

  private endWaitWithOutcome(wait: KnockWait, outcome: KnockAnsweredEvent['outcome']): void {
    this.waits.delete(wait);
    wait.socket.emit('knock:answered', { roomId: wait.roomId, outcome });
    this.background.runInBackground('releasing a knock', () => this.keeper.releaseKeptLease(knockLeaseOf(wait)));
  }

  private forgetKnockWait(wait: KnockWait): void {
    this.waits.delete(wait);
    this.keeper.stopRenewing(knockLeaseOf(wait));
  }

  private async stopKnockWait(wait: KnockWait): Promise<void> {
    this.forgetKnockWait(wait);
    await this.keeper.releaseKeptLease(knockLeaseOf(wait));
    await this.endKnockUnlessHeld(wait.roomId, wait.knockId);
  }

  /** Withdraws a knock unless a socket of its device still waits, on this or another replica. */
  private async endKnockUnlessHeld(roomId: string, knockId: string): Promise<void> {
    await this.transitions.applyTransition(roomId, async (live) => {
      if (!live?.call.knocks.some(({ id }) => id === knockId)) return undefined;
      const [held = []] = await this.leases.listLivingMembers([roomId]);
      return held.some((member) => member.knockId === knockId)
        ? undefined
        : { step: withdrawKnock(live.call, knockId) };
    });
  }

  private async answerForgottenWaits(): Promise<void> {
    for (const wait of await this.forgottenWaits.findForgotten())
      if (this.waits.has(wait)) this.endWaitWithOutcome(wait, 'gone');
  }

  private async findWaitsWithoutKnock(): Promise<KnockWait[]> {
    const waits = [...this.waits];
    const { calls, unreadableRoomIds } = await this.calls.loadRunningCalls(waits.map(({ roomId }) => roomId));
    const known = new Set(calls.flatMap((call) => call.knocks.map(({ id }) => `${call.roomId} ${id}`)));
    return waits.filter(({ roomId, knockId }) => !unreadableRoomIds.has(roomId) && !known.has(`${roomId} ${knockId}`));
  }
}

function knockLeaseOf({ roomId, knockId, socket }: KnockWait): Lease<string, KnockingSocket> {
  return { group: roomId, member: { knockId, socketId: socket.id } };
}
