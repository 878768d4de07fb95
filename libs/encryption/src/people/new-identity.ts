import { equalBytes } from '../bytes/bytes';
import { type RoomChain } from '../chain/room-chain';
import { type IdentityOfUser } from '../identity/safety-number';
import { type KnownPerson } from './known-person';

const DAY = 24 * 60 * 60_000;

/** How long ago a device may have been active to be one that its user still has. */
const ACTIVE = 7 * DAY;

/**
 * What a member does about somebody who is to be admitted to a room. `free`: their device may do it by itself, for
 * whoever adds them. `ask`: it asks its user first. `wait`: it asks nobody before that time, since others can tell.
 */
export type AdmissionAdvice =
  { readonly advice: 'free' } | { readonly advice: 'ask' } | { readonly advice: 'wait'; readonly until: number };

/** @returns what this member’s device does, whose user knows them as `person`; a new identity is never free */
export function adviseAdmission(
  chain: RoomChain,
  person: KnownPerson,
  { identity }: Pick<IdentityOfUser, 'identity'>,
  { now, isVerifiedByOthers }: { readonly now: number; readonly isVerifiedByOthers: boolean },
): AdmissionAdvice {
  const { userId, pinned, waiting, verifiedAt } = person;
  const isPinned = waiting === null && equalBytes(pinned.identity, identity);
  const hadAnother = [...chain.people.values()].some(
    (one) => one.userId === userId && !equalBytes(one.identity, identity),
  );
  if (isPinned && (!hadAnother || verifiedAt !== null)) return { advice: 'free' };
  const until = (waiting ?? pinned).seenAt + DAY;
  return verifiedAt === null && isVerifiedByOthers && now < until ? { advice: 'wait', until } : { advice: 'ask' };
}

/** Another device of a user who wants to start anew. */
export interface OtherDevice {
  readonly lastActiveAt: number;
  /** Whether somebody at that device has agreed. */
  readonly hasAgreed: boolean;
}

/**
 * @returns when a user may start anew who has asked for it at that time: a day later if they seem to have another device,
 *   unless it agrees
 */
export function earliestNewStart(requestedAt: number, others: readonly OtherDevice[]): number {
  const active = others.filter(({ lastActiveAt }) => requestedAt - lastActiveAt <= ACTIVE);
  return active.length === 0 || active.some(({ hasAgreed }) => hasAgreed) ? requestedAt : requestedAt + DAY;
}
