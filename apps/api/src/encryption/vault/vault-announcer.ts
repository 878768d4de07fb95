import { Injectable } from '@nestjs/common';
import { type DomainEvents, OnEvent } from '../../platform/events/domain-events';
import { Realtime } from '../../platform/realtime/realtime';

/** Tells the other devices of a user that there is more in their vault. They read it themselves. */
@Injectable()
export class VaultAnnouncer {
  constructor(private readonly realtime: Realtime) {}

  @OnEvent('vault.changed')
  announceVaultChange({ userId, sessionId, identity, length }: DomainEvents['vault.changed']): void {
    this.realtime.toOtherDevicesOfUser(userId, sessionId).emit('vault:changed', { identity, length });
  }
}
