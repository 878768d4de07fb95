import { type KnownPerson } from '../people/known-person';
import { START } from './people';

/** @returns somebody as this user has just met them, with what differs */
export function knownPersonOf(userId: string, change: Partial<KnownPerson> = {}): KnownPerson {
  return {
    userId,
    pinned: { identity: new Uint8Array(32), seenAt: START },
    waiting: null,
    verifiedAt: null,
    name: userId,
    formerNames: [],
    claimedName: null,
    ...change,
  };
}
