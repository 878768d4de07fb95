import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Background } from '../../platform/realtime/background';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoom } from '../../platform/realtime/socket';
import { type CallTold, LiveCalls } from '../core/live-calls';
import { RingDevices } from './ring-devices';
import { ringDto } from './ring-views';

/** Tells both users of each change of a ring. */
@Injectable()
export class RingUpkeep implements OnModuleInit {
  constructor(
    private readonly realtime: Realtime,
    private readonly background: Background,
    private readonly calls: LiveCalls,
    private readonly devices: RingDevices,
  ) {}

  onModuleInit(): void {
    this.calls.told.subscribe((told) =>
      this.background.run('telling of a ring', async () => {
        this.tell(told);
        await this.devices.over(told);
      }),
    );
  }

  /** Each replica tells its own sockets, as with calls: all devices hear the changes in the order of the versions. */
  private tell({ room, change, ...place }: CallTold): void {
    if (change.type !== 'ring' || !room) return;
    const { calleeId, callerId } = change.ring;
    this.realtime.server.local
      .to([socketRoom.user(calleeId), socketRoom.user(callerId)])
      .emit('ring:changed', { ring: ringDto(change.ring, place, room) });
  }
}
