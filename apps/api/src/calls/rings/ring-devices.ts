import { Injectable } from '@nestjs/common';
import { setDeviceRinging } from '@webcall/domain';
import type { LeaseKeeper } from '../../platform/live/lease-keeper';
import { LeaseKeepers } from '../../platform/live/lease-keepers';
import type { TypedLeases } from '../../platform/live/typed-leases';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { RINGING_DEVICE_LEASES, type RingingDevice } from '../core/call-leases';
import { CallTransitions } from '../core/call-transitions';
import type { LiveCallEvent } from '../core/live-calls';

/** How long a device still counts as ringing after its replica died, in ms. */
const RINGING_DEVICE_LEASE = 10_000;

/**
 * Tracks which devices ring. A device is a session: it rings as long as any of its sockets does, on whichever replica,
 * and each of these sockets holds a lease for it.
 */
@Injectable()
export class RingDevices {
  private readonly leases: TypedLeases<RingingDevice, string>;
  private readonly keeper: LeaseKeeper<RingingDevice, string>;

  constructor(
    keepers: LeaseKeepers,
    private readonly transitions: CallTransitions,
  ) {
    this.leases = keepers.createLeases(RINGING_DEVICE_LEASES);
    this.keeper = keepers.createKeeper(this.leases, {
      ttlMs: RINGING_DEVICE_LEASE,
      onExpired: async ({ group: device }) => void (await this.syncRingWithLeases(device)),
    });
  }

  async markDeviceRinging(socket: ServerSocket, roomId: string, ringId: string): Promise<void> {
    const { userId, sessionId } = socket.data.principal;
    const device = { roomId, ringId, calleeId: userId, sessionId };
    const lease = { group: device, member: socket.id };
    await this.keeper.keepLeaseRenewed(lease);
    const stillRinging = await this.syncRingWithLeases(device);
    // If the socket or the ring ended before the lease was stored, nobody else would release it.
    if (!socket.connected) await this.releaseDevicesOfSocket(socket);
    else if (!stillRinging) await this.keeper.releaseKeptLease(lease);
  }

  async releaseDevicesOfSocket(socket: ServerSocket): Promise<void> {
    const leases = this.keeper.listKeptLeases().filter(({ member: socketId }) => socketId === socket.id);
    // All are forgotten first: leases that cannot be released now expire by themselves.
    for (const lease of leases) this.keeper.stopRenewing(lease);
    for (const lease of leases) {
      if (await this.keeper.releaseKeptLease(lease)) await this.syncRingWithLeases(lease.group);
    }
  }

  /** Releases the leases of the devices of a ring that is over. */
  async releaseDevicesOfRing({ roomId, change }: LiveCallEvent): Promise<void> {
    if (change.type !== 'ring' || change.ring.status === 'ringing') return;
    const { id, calleeId } = change.ring;
    const ended = this.keeper
      .listKeptLeases()
      .filter(({ group: device }) => device.roomId === roomId && device.ringId === id && device.calleeId === calleeId);
    for (const lease of ended) this.keeper.stopRenewing(lease);
    for (const lease of ended) await this.keeper.releaseKeptLease(lease);
  }

  /**
   * Brings the ring's devices in line with the leases, and repeats that if the leases have changed meanwhile.
   * @returns whether the ring is still ringing
   */
  private async syncRingWithLeases(device: RingingDevice): Promise<boolean> {
    const { roomId, ringId, calleeId, sessionId } = device;
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

  private async isDeviceRinging(device: RingingDevice): Promise<boolean> {
    const [sockets = []] = await this.leases.listLivingMembers([device]);
    return sockets.length > 0;
  }
}
