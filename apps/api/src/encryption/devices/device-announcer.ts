import { Injectable } from '@nestjs/common';
import { type DomainEvents, OnEvent } from '../../platform/events/domain-events';
import { Realtime } from '../../platform/realtime/realtime';
import { RoomsService } from '../../rooms/rooms.service';

/** Tells devices that there is something new about devices; they ask for it. */
@Injectable()
export class DeviceAnnouncer {
  constructor(
    private readonly realtime: Realtime,
    private readonly rooms: RoomsService,
  ) {}

  @OnEvent('devices.changed')
  async announceChangedDevices({ userId, listChanged }: DomainEvents['devices.changed']): Promise<void> {
    const roomIds = listChanged ? await this.rooms.listRoomIdsOfUser(userId) : [];
    this.realtime.toUserAndRoomMembers(userId, roomIds).emit('devices:changed', { userId });
  }

  @OnEvent('device.dormant')
  announceDormantDevice({ userId }: DomainEvents['device.dormant']): void {
    this.realtime.toUserDevices(userId).emit('devices:changed', { userId });
  }

  @OnEvent('pairing.changed')
  announceChangedPairing({ userId, pairingId }: DomainEvents['pairing.changed']): void {
    this.realtime.toUserDevices(userId).emit('pairing:changed', { pairingId });
  }
}
