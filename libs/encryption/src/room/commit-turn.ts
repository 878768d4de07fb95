import { type Bytes } from '../bytes/bytes';
import { type DeviceName } from './ports';
import { BrokenGroupRefusal, type RoomAccess, RoomRefusal } from './room-history';

/** A claim of another device lasts no longer, whatever the server says. */
const LONGEST_CLAIM_MS = 3000;

/** After so many the device commits without one: a claim spares work, and gives no right. */
const MOST_WAITS = 3;

/** A server that refuses so many commits for one epoch, and says nothing of a later one, will take none. */
const MOST_COMMITS_OF_EPOCH = 3;

/** The turn of one device to commit, for one change of a group. */
export class CommitTurn {
  private waits = 0;
  private lastEpoch: number | undefined;
  private commitsOfEpoch = 0;

  constructor(
    private readonly access: Pick<RoomAccess, 'delivery' | 'limits' | 'pause'>,
    private readonly own: DeviceName,
  ) {}

  /**
   * Waits while another device is about to commit.
   * @returns whether it is this device’s turn; false if it has to look first at what the other one did
   */
  async begin(groupId: Bytes, epoch: number): Promise<boolean> {
    const { delivery, limits } = this.access;
    if (this.waits < MOST_WAITS) {
      const wait = await delivery.claimCommit(groupId, epoch, this.own);
      if (wait > 0) {
        this.waits++;
        await this.access.pause(Math.min(wait, LONGEST_CLAIM_MS));
        return false;
      }
    }
    if (epoch === this.lastEpoch && this.commitsOfEpoch >= MOST_COMMITS_OF_EPOCH)
      throw new BrokenGroupRefusal('no_progress');
    if (!(await limits.tryUse('commit'))) throw new RoomRefusal('too_often');
    return true;
  }

  /** The commit was stored, and goes to the server. */
  end(epoch: number): void {
    this.commitsOfEpoch = epoch === this.lastEpoch ? this.commitsOfEpoch + 1 : 1;
    this.lastEpoch = epoch;
  }
}
