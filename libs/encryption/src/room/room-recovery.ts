import { type RoomDevice } from './room-device';
import { BrokenGroupRefusal, type RoomAccess } from './room-history';

/** Whoever sets up a group has this long for it before somebody else tries. */
const SET_UP_MS = 60_000;

/**
 * The ways out of a group that nobody, or not this device, can go on with: by itself and without asking, and seldom
 * enough that a server or member that breaks groups again and again makes nobody work for it without end.
 */
export class RoomRecovery {
  constructor(
    private readonly access: RoomAccess,
    private readonly room: RoomDevice,
  ) {}

  /** @returns what the step does; taken again after a way out, if the group was broken and there is one now */
  async run<T>(step: () => Promise<T>): Promise<T> {
    let broken: unknown;
    for (const comesBack of [false, true]) {
      try {
        // If it may not any more, another tab may just have done so.
        if (comesBack) await this.room.rejoinGroup();
        return await step();
      } catch (error) {
        if (!(error instanceof BrokenGroupRefusal)) throw error;
        broken = error;
      }
    }
    if (!(await this.regroup())) throw broken;
    return step();
  }

  /** The way out for all. */
  private async regroup(): Promise<boolean> {
    const { groupIds, newestGroup } = await this.room.readChain();
    if (Math.abs(this.access.now() - newestGroup.time) < SET_UP_MS) return false;
    if (!(await this.access.limits.tryUse('regroup'))) return false;
    await this.room.regroup(groupIds.length - 1);
    return true;
  }
}
