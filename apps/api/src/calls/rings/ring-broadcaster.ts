import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
import { Realtime } from '../../platform/realtime/realtime';
import { socketRoomName } from '../../platform/realtime/server-socket';
import { type LiveCallEvent, LiveCalls } from '../core/live-calls';
import { RingDevices } from './ring-devices';
import { toRingDto } from './ring-views';

/** Sends each change of a ring to the devices of the caller and the callee. */
@Injectable()
export class RingBroadcaster implements OnModuleInit {
  constructor(
    private readonly realtime: Realtime,
    private readonly background: BackgroundTasks,
    private readonly calls: LiveCalls,
    private readonly devices: RingDevices,
  ) {}

  onModuleInit(): void {
    this.calls.callEvents.subscribe((event) =>
      this.background.runInBackground('broadcasting a ring change', async () => {
        this.broadcastRingChange(event);
        await this.devices.releaseDevicesOfRing(event);
      }),
    );
  }

  /** As with calls, each replica sends to its own sockets, so that all receive the changes in order of the versions. */
  private broadcastRingChange({ room, change, ...place }: LiveCallEvent): void {
    if (change.type !== 'ring' || !room) return;
    const { calleeId, callerId } = change.ring;
    this.realtime.socketServer.local
      .to([socketRoomName.user(calleeId), socketRoomName.user(callerId)])
      .emit('ring:changed', { ring: toRingDto(change.ring, place, room) });
  }
}
