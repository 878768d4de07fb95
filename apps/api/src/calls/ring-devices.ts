import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { reachDevice } from '@webcall/domain';
import type { Lease, Leases } from '../platform/live/leases';
import { LeaseKeeper } from '../platform/live/lease-keeper';
import { Live } from '../platform/live/live';
import type { ServerSocket } from '../platform/realtime/socket';
import type { CallTold } from './live-calls';
import { Seats } from './seats';

/** How long a device counts as ringing whose replica died, in ms. */
const DEVICE_LEASE = 10_000;

/**
 * Which devices of whom ring. A device is a session: it rings as long as any of its sockets does, on whichever replica,
 * and each of them holds a lease for it.
 */
@Injectable()
export class RingDevices implements OnModuleInit, OnApplicationShutdown {
  private readonly leases: Leases;
  private readonly keeper: LeaseKeeper;
  /** What the sockets of this process hold. */
  private readonly held = new Map<string, Set<string>>();

  constructor(
    live: Live,
    private readonly seats: Seats,
  ) {
    this.leases = live.leases('ring-devices');
    this.keeper = new LeaseKeeper(this.leases, {
      name: 'ringing devices',
      ttlMs: DEVICE_LEASE,
      onExpired: ({ group }) => this.settle(group),
    });
  }

  onModuleInit(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  /** A socket's device rings. */
  async reached(socket: ServerSocket, roomId: string, ringId: string): Promise<void> {
    const { userId, sessionId } = socket.data.principal;
    const device = `${roomId} ${ringId} ${userId} ${sessionId}`;
    this.held.set(socket.id, (this.held.get(socket.id) ?? new Set()).add(device));
    await this.keeper.keep({ group: device, member: socket.id });
    await this.settle(device);
    // Its end came before the lease, and nobody else would give that up.
    if (!socket.connected) await this.gone(socket);
  }

  async gone(socket: ServerSocket): Promise<void> {
    const devices = this.held.get(socket.id) ?? [];
    this.held.delete(socket.id);
    for (const device of devices) {
      if (await this.release(device, socket.id)) await this.settle(device);
    }
  }

  /** Nobody has to know any more which devices have rung. */
  async over({ roomId, change }: CallTold): Promise<void> {
    if (change.type !== 'ring' || change.ring.status === 'ringing') return;
    const { id, calleeId } = change.ring;
    for (const [socketId, devices] of this.held) {
      for (const device of devices) {
        if (!device.startsWith(`${roomId} ${id} ${calleeId} `)) continue;
        devices.delete(device);
        if (devices.size === 0) this.held.delete(socketId);
        await this.release(device, socketId);
      }
    }
  }

  private release(device: string, socketId: string): Promise<boolean> {
    return this.keeper.release({ group: device, member: socketId });
  }

  /** Brings the ring in line with the leases, as often as these change meanwhile. */
  private async settle(device: Lease['group']): Promise<void> {
    const [roomId = '', ringId, calleeId = '', sessionId = ''] = device.split(' ');
    for (let reached = await this.rings(device); ;) {
      const now = reached;
      await this.seats.take(roomId, (live) =>
        live?.call.rings.some((ring) => ring.id === ringId && ring.calleeId === calleeId)
          ? { step: reachDevice(live.call, calleeId, sessionId, now) }
          : undefined,
      );
      reached = await this.rings(device);
      if (reached === now) return;
    }
  }

  private async rings(device: string): Promise<boolean> {
    const [sockets = []] = await this.leases.members([device]);
    return sockets.length > 0;
  }
}
