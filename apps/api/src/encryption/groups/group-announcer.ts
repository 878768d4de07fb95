import { Injectable } from '@nestjs/common';
import { type DomainEvents, OnEvent } from '../../platform/events/domain-events';
import { Realtime } from '../../platform/realtime/realtime';
import { StableBroadcasts } from '../../platform/realtime/stable-broadcasts';
import { RoomEncryptionService } from './room-encryption.service';

/** Tells the devices of the members of encrypted rooms that there is something new to ask for. */
@Injectable()
export class GroupAnnouncer {
  private readonly broadcasts = new StableBroadcasts();

  constructor(
    private readonly realtime: Realtime,
    private readonly encryption: RoomEncryptionService,
  ) {}

  @OnEvent('group.changed')
  @OnEvent('member.joined')
  @OnEvent('member.left')
  @OnEvent('room.closed-changed')
  async announceGroup({ roomId }: DomainEvents['group.changed']): Promise<void> {
    await this.broadcasts.broadcastUntilStable(
      roomId,
      () => this.encryption.findEncryption(roomId),
      (encryption) => {
        if (encryption) this.realtime.toRoomMembers(roomId).emit('group:changed', { roomId, ...encryption });
      },
    );
  }
}
