import { type Bytes } from '../bytes/bytes';
import { type JoinedGroup, type PolicyForNote } from '../group/group';
import { type DeviceName } from './ports';
import { type RoomAccess } from './room-history';

/** How long a device waits to be let in by another one before it comes in by itself. */
const WELCOME_WAIT_MS = 2000;

/** Into which group, and how. */
interface WelcomeParts {
  readonly own: DeviceName;
  readonly groupId: Bytes;
  readonly policyFor: PolicyForNote;
  /** Whether other devices are asked for a welcome if there is none. */
  readonly asks: boolean;
  /** Stores what the welcome gave: before the welcome and its key package are given up. */
  store(joined: JoinedGroup): Promise<void>;
}

/**
 * Comes into a group by the welcome of another device. A welcome that does not fit is nothing: the device then comes in
 * by itself.
 * @returns whether it came in
 */
export async function takeWelcome(
  access: Pick<RoomAccess, 'delivery' | 'groups' | 'keyPackages' | 'pause'>,
  parts: WelcomeParts,
): Promise<boolean> {
  const { delivery, groups, keyPackages } = access;
  const { own, groupId, policyFor, asks } = parts;
  let welcome = await delivery.fetchWelcome(groupId, own);
  if (!welcome && asks) {
    await delivery.askForWelcome(groupId, own);
    await access.pause(WELCOME_WAIT_MS);
    welcome = await delivery.fetchWelcome(groupId, own);
  }
  if (!welcome) return false;
  let isIn = false;
  for (const secret of await keyPackages.readSecrets()) {
    const joined = await groups.joinByWelcome(groupId, welcome, secret, policyFor);
    if ('refused' in joined) continue;
    await parts.store(joined);
    await keyPackages.replaceUsed(secret);
    isIn = true;
    break;
  }
  await delivery.deleteWelcome(groupId, own);
  return isIn;
}
