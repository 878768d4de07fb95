import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { setDeviceRinging } from '@webcall/domain';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import type { Lease, Leases } from '../../platform/live/leases';
import { LiveStore } from '../../platform/live/live-store';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { CallTransitions } from '../core/call-transitions';
import type { LiveCallEvent } from '../core/live-calls';

/** How long a device still counts as ringing after its replica died, in ms. */
const RINGING_DEVICE_LEASE = 10_000;

/**
 * Tracks which devices ring. A device is a session: it rings as long as any of its sockets does, on whichever replica,
 * and each of these sockets holds a lease for it.
 */
@Injectable()
export class RingDevices implements OnModuleInit, OnApplicationShutdown {
  private readonly leases: Leases;
  private readonly keeper: LeaseKeeper;
  /** Keys of the devices for which the sockets of this process hold leases, by socket id. */
  private readonly held = new Map<string, Set<string>>();

  constructor(
    live: LiveStore,
    private readonly transitions: CallTransitions,
  ) {
    this.leases = live.createLeases('ring-devices');
    this.keeper = new LeaseKeeper(this.leases, {
      name: 'ringing devices',
      ttlMs: RINGING_DEVICE_LEASE,
      onExpired: async ({ group }) => void (await this.syncRingWithLeases(group)),
    });
  }

  onModuleInit(): void {
    this.keeper.startLeaseTimers();
  }

  onApplicationShutdown(): void {
    this.keeper.stopLeaseTimers();
  }

  async markDeviceRinging(socket: ServerSocket, roomId: string, ringId: string): Promise<void> {
    const { userId, sessionId } = socket.data.principal;
    const device = `${roomId} ${ringId} ${userId} ${sessionId}`;
    this.held.set(socket.id, (this.held.get(socket.id) ?? new Set()).add(device));
    await this.keeper.keepLeaseRenewed({ group: device, member: socket.id });
    const stillRinging = await this.syncRingWithLeases(device);
    // If the socket or the ring ended before the lease was stored, nobody else would release it.
    if (!socket.connected) await this.releaseDevicesOfSocket(socket);
    else if (!stillRinging) await this.releaseDeviceLease(device, socket.id);
  }

  async releaseDevicesOfSocket(socket: ServerSocket): Promise<void> {
    const devices = [...(this.held.get(socket.id) ?? [])];
    // All are forgotten first: leases that cannot be released now expire by themselves.
    for (const device of devices) this.forgetDeviceLease(device, socket.id);
    for (const device of devices) {
      if (await this.releaseDeviceLease(device, socket.id)) await this.syncRingWithLeases(device);
    }
  }

  /** Releases the leases of the devices of a ring that is over. */
  async releaseDevicesOfRing({ roomId, change }: LiveCallEvent): Promise<void> {
    if (change.type !== 'ring' || change.ring.status === 'ringing') return;
    const { id, calleeId } = change.ring;
    const all = [...this.held].flatMap(([socketId, devices]) => [...devices].map((device) => ({ device, socketId })));
    const ended = all.filter(({ device }) => device.startsWith(`${roomId} ${id} ${calleeId} `));
    for (const { device, socketId } of ended) this.forgetDeviceLease(device, socketId);
    for (const { device, socketId } of ended) await this.releaseDeviceLease(device, socketId);
  }

  private forgetDeviceLease(device: string, socketId: string): void {
    const devices = this.held.get(socketId);
    devices?.delete(device);
    if (devices?.size === 0) this.held.delete(socketId);
    this.keeper.stopRenewing({ group: device, member: socketId });
  }

  private releaseDeviceLease(device: string, socketId: string): Promise<boolean> {
    this.forgetDeviceLease(device, socketId);
    return this.keeper.releaseKeptLease({ group: device, member: socketId });
  }

  /**
   * Brings the ring's devices in line with the leases, and repeats that if the leases have changed meanwhile.
   * @returns whether the ring is still ringing
   */
  private async syncRingWithLeases(device: Lease['group']): Promise<boolean> {
    const [roomId = '', ringId, calleeId = '', sessionId = ''] = device.split(' ');
    for (let hasLease = await this.isDeviceRinging(device); ;) {
      const hadLease = hasLease;
      let ringing = false;
      await this.transitions.applyTransition(roomId, (live) => {
        const ring = live?.call.rings.find((other) => other.id === ringId && other.calleeId === calleeId);
        ringing = ring?.status === 'ringing';
        return live && ring && { step: setDeviceRinging(live.call, calleeId, sessionId, hadLease) };
      });
      hasLease = await this.isDeviceRinging(device);
      if (hasLease === hadLease) return ringing;
    }
  }

  private async isDeviceRinging(device: string): Promise<boolean> {
    const [sockets = []] = await this.leases.listLivingMembers([device]);
    return sockets.length > 0;
  }
}
