import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { reachDevice } from '@webcall/domain';
import type { Lease, Leases } from '../../platform/live/leases';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import { Live } from '../../platform/live/live';
import type { ServerSocket } from '../../platform/realtime/socket';
import type { CallTold } from '../core/live-calls';
import { Seats } from '../core/seats';

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
      onExpired: async ({ group }) => void (await this.settle(group)),
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
    const rings = await this.settle(device);
    // The end of one or the other came before the lease, and nobody else would give that up.
    if (!socket.connected) await this.gone(socket);
    else if (!rings) await this.release(device, socket.id);
  }

  async gone(socket: ServerSocket): Promise<void> {
    const devices = [...(this.held.get(socket.id) ?? [])];
    // All at once: what cannot be released now runs out by itself.
    for (const device of devices) this.forget(device, socket.id);
    for (const device of devices) {
      if (await this.release(device, socket.id)) await this.settle(device);
    }
  }

  /** Nobody has to know any more which devices have rung. */
  async over({ roomId, change }: CallTold): Promise<void> {
    if (change.type !== 'ring' || change.ring.status === 'ringing') return;
    const { id, calleeId } = change.ring;
    const all = [...this.held].flatMap(([socketId, devices]) => [...devices].map((device) => ({ device, socketId })));
    const over = all.filter(({ device }) => device.startsWith(`${roomId} ${id} ${calleeId} `));
    for (const { device, socketId } of over) this.forget(device, socketId);
    for (const { device, socketId } of over) await this.release(device, socketId);
  }

  private forget(device: string, socketId: string): void {
    const devices = this.held.get(socketId);
    devices?.delete(device);
    if (devices?.size === 0) this.held.delete(socketId);
    this.keeper.forget({ group: device, member: socketId });
  }

  private release(device: string, socketId: string): Promise<boolean> {
    this.forget(device, socketId);
    return this.keeper.release({ group: device, member: socketId });
  }

  /**
   * Brings the ring in line with the leases, as often as these change meanwhile.
   * @returns whether it rings
   */
  private async settle(device: Lease['group']): Promise<boolean> {
    const [roomId = '', ringId, calleeId = '', sessionId = ''] = device.split(' ');
    for (let reached = await this.rings(device); ;) {
      const now = reached;
      let ringing = false;
      await this.seats.take(roomId, (live) => {
        const ring = live?.call.rings.find((other) => other.id === ringId && other.calleeId === calleeId);
        ringing = ring?.status === 'ringing';
        return live && ring && { step: reachDevice(live.call, calleeId, sessionId, now) };
      });
      reached = await this.rings(device);
      if (reached === now) return ringing;
    }
  }

  private async rings(device: string): Promise<boolean> {
    const [sockets = []] = await this.leases.members([device]);
    return sockets.length > 0;
  }
}
