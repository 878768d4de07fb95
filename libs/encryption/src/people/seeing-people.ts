import { equalBytes } from '../bytes/bytes';
import { type IdentityOfUser } from '../identity/safety-number';
import { type KnownPerson } from './known-person';

/** Enough that nobody waits until a former name is forgotten. */
const MOST_FORMER_NAMES = 20;

/** Somebody as the server shows them now; the identity is that of a verified device list. */
export interface SeenPerson extends IdentityOfUser {
  readonly name: string;
}

/** Everybody whom this user knows, by user id. */
export type KnownPeople = ReadonlyMap<string, KnownPerson>;

/** What a device notices of somebody. Except for `met`, it is an entry in each room that both are in. */
export type PersonChange = { readonly userId: string } & (
  | { readonly kind: 'met'; readonly sharesNameWith: string | null }
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  /** The server gives them the name of `nameOf`, which is not shown for them before the user accepts it. */
  | { readonly kind: 'name_claimed'; readonly name: string; readonly nameOf: string }
  | { readonly kind: 'new_identity'; readonly wasVerified: boolean }
  /** The server says the pinned identity again, after it had said another one. */
  | { readonly kind: 'identity_back' }
);

/** What follows from seeing somebody. */
export interface Sighting {
  readonly people: KnownPeople;
  readonly changes: readonly PersonChange[];
}

/** What comparing people needs. */
export interface SightingRules {
  readonly now: number;
  /** @returns what a name looks like: nobody can tell apart two names with one look */
  readonly nameLook: (name: string) => string;
}

/** @returns the known people once somebody was seen: the first time pins identity and name, later ones are compared */
export function seePerson(people: KnownPeople, seen: SeenPerson, rules: SightingRules): Sighting {
  const { userId, identity, name } = seen;
  const known = people.get(userId);
  if (!known) {
    const pinned = { identity, seenAt: rules.now };
    const met = { userId, pinned, waiting: null, verifiedAt: null, name, formerNames: [], claimedName: null };
    const sharesNameWith = findNamesake(people, seen, rules)?.userId ?? null;
    return { people: new Map(people).set(userId, met), changes: [{ kind: 'met', userId, sharesNameWith }] };
  }
  const [person, identityChanges] = compareIdentity(known, seen, rules);
  const [compared, nameChanges] = compareName(people, person, seen, rules);
  const next = compared === known ? people : new Map(people).set(userId, compared);
  return { people: next, changes: [...identityChanges, ...nameChanges] };
}

/** @returns the person under the name that the server gives them, as the user has decided */
export function acceptName(person: KnownPerson): KnownPerson {
  return person.claimedName === null ? person : showName(person, person.claimedName);
}

type Compared = [KnownPerson, PersonChange[]];

function compareIdentity(person: KnownPerson, { userId, identity }: SeenPerson, { now }: SightingRules): Compared {
  const { pinned, waiting, verifiedAt } = person;
  if (equalBytes(identity, (waiting ?? pinned).identity)) return [person, []];
  // The next one is new again: else somebody could show one for a moment, and have it be a day old later.
  if (equalBytes(identity, pinned.identity)) return [{ ...person, waiting: null }, [{ kind: 'identity_back', userId }]];
  const wasVerified = verifiedAt !== null;
  return [{ ...person, waiting: { identity, seenAt: now } }, [{ kind: 'new_identity', userId, wasVerified }]];
}

function compareName(people: KnownPeople, person: KnownPerson, seen: SeenPerson, rules: SightingRules): Compared {
  const { userId, name } = seen;
  if (name === person.claimedName) return [person, []];
  if (name === person.name) return [person.claimedName === null ? person : { ...person, claimedName: null }, []];
  const namesake = findNamesake(people, seen, rules);
  if (!namesake) return [showName(person, name), [{ kind: 'renamed', userId, from: person.name, to: name }]];
  return [{ ...person, claimedName: name }, [{ kind: 'name_claimed', userId, name, nameOf: namesake.userId }]];
}

/** @returns somebody else who has that name, or had it */
function findNamesake(people: KnownPeople, { userId, name }: SeenPerson, { nameLook }: SightingRules) {
  const look = nameLook(name);
  const hasLook = (one: KnownPerson): boolean =>
    [one.name, ...one.formerNames].some((taken) => nameLook(taken) === look);
  return [...people.values()].find((one) => one.userId !== userId && hasLook(one)) ?? null;
}

function showName(person: KnownPerson, name: string): KnownPerson {
  const formerNames = [person.name, ...person.formerNames.filter((one) => one !== name && one !== person.name)];
  return { ...person, name, formerNames: formerNames.slice(0, MOST_FORMER_NAMES), claimedName: null };
}
