import { sha512 } from '@noble/hashes/sha2.js';
import { type Bytes, concatBytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';

/** As Signal has it: each try to find an identity with the same digits costs an attacker that many hashes. */
const ITERATIONS = 5200;

/** Six groups of five digits for each of the two. */
const GROUPS = 6;

/** A user by their identity. */
export interface IdentityOfUser {
  readonly userId: string;
  readonly identity: Bytes;
}

/**
 * @returns 60 digits that are the same on both sides exactly if each has the identity of the other one: what two people
 *   compare. The order of the two does not matter.
 */
export function safetyNumberOf(one: IdentityOfUser, other: IdentityOfUser): string {
  return [digitsOf(one), digitsOf(other)].sort().join('');
}

function digitsOf({ userId, identity }: IdentityOfUser): string {
  const start = encodeFields('safetyNumber', [userId, identity]);
  let hash = sha512(start);
  for (let i = 1; i < ITERATIONS; i++) hash = sha512(concatBytes(hash, start));
  return Array.from({ length: GROUPS }, (_, group) => {
    const five = hash.subarray(5 * group, 5 * group + 5);
    const number = five.reduce((sum, byte) => (sum * 256 + byte) % 100_000, 0);
    return String(number).padStart(5, '0');
  }).join('');
}
