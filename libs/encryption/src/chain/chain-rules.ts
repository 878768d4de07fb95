import { equalBytes } from '../bytes/bytes';
import { verifySignature } from '../bytes/signing';
import { isCertified } from '../identity/device-certificate';
import {
  CHAIN_HASH_LENGTH,
  type ChainBody,
  type ChainItem,
  decodeChainItem,
  hashChainItem,
  type SignedChainItem,
} from './chain-item';
import { isGroupIdOf } from './group-id';
import { verifyLinkAdmission } from './invitation-link';
import {
  admissionOf,
  admittedIdentityOf,
  type ChainLink,
  type ChainPerson,
  deviceKey,
  personKey,
  type RoomChain,
  timeReached,
} from './room-chain';

/**
 * Why an item is not taken. `forked`: it names another item before it than the one that is there. `unknown_device`: the
 * identity has not signed that the device is its own. `not_allowed`: whoever signed it may not say that.
 */
export type ChainRefusal =
  'malformed' | 'other_room' | 'out_of_order' | 'forked' | 'ended_device' | 'unknown_device' | 'forged' | 'not_allowed';

/** The chain with one item more, or why it is not taken. */
export type ChainOutcome = { readonly chain: RoomChain; readonly item: ChainItem } | { readonly refused: ChainRefusal };

/**
 * Depends on nothing but what it is given, so that all readers of the same items take the same ones, whenever they read
 * them and whatever else they know.
 * @returns the chain after the item; `chain` is null before the first one
 */
export async function extendChain(
  roomId: string,
  chain: RoomChain | null,
  signed: SignedChainItem,
): Promise<ChainOutcome> {
  const item = decodeChainItem(signed.item);
  if (!item) return { refused: 'malformed' };
  if (item.roomId !== roomId) return { refused: 'other_room' };
  const refused = refusePlace(chain, item) ?? (await refuseAuthor(chain, item, signed));
  if (refused) return { refused };
  const hash = await hashChainItem(signed);
  const next = chain ? await applyItem({ ...chain, hashes: [...chain.hashes, hash] }, item) : found(item, hash);
  return next ? { chain: withTimeOfAuthor(next, item), item } : { refused: 'not_allowed' };
}

function refusePlace(chain: RoomChain | null, { index, previous }: ChainItem): ChainRefusal | null {
  if (index !== (chain?.hashes.length ?? 0)) return 'out_of_order';
  return equalBytes(previous, chain?.hashes.at(-1) ?? new Uint8Array(CHAIN_HASH_LENGTH)) ? null : 'forked';
}

async function refuseAuthor(
  chain: RoomChain | null,
  { author }: ChainItem,
  { item, signature }: SignedChainItem,
): Promise<ChainRefusal | null> {
  // Where it stands decides, not when: its user’s list and the item have the times of two clocks, or of none.
  if (chain?.endedDevices.has(deviceKey(author))) return 'ended_device';
  if (!(await isCertified(author))) return 'unknown_device';
  return (await verifySignature(author.signingKey, item, signature)) ? null : 'forged';
}

function found({ roomId, author, time, body }: ChainItem, hash: RoomChain['hashes'][number]): RoomChain | null {
  if (body.kind !== 'founded' || !isGroupIdOf(body.groupId, roomId, 0)) return null;
  const { userId, identity, deviceId } = author;
  const empty = {
    roomId,
    founder: { userId, identity },
    hashes: [hash],
    people: new Map(),
    links: new Map(),
    endedDevices: new Set<string>(),
    groupIds: [body.groupId],
    newestGroup: { userId, deviceId, time },
    encryptedFromSeq: null,
    earlierMessagesSince: null,
  };
  return admit(empty, { userId, identity, linkId: null });
}

/** @returns the chain after the item, whose place and author are right; null if the author may not say that */
async function applyItem(chain: RoomChain, item: ChainItem): Promise<RoomChain | null> {
  const { author, body } = item;
  if (body.kind === 'admitted_by_link') return admitByLink(chain, item, body);
  if (admissionOf(chain, author.userId, author.identity) !== 'admitted') return null;
  switch (body.kind) {
    case 'founded':
      return null;
    case 'admitted': {
      const isIn = admissionOf(chain, body.userId, body.identity) === 'admitted';
      return isIn ? null : admit(chain, { userId: body.userId, identity: body.identity, linkId: null });
    }
    case 'removed':
      return remove(chain, body.userId, author.userId);
    case 'device_ended': {
      const key = deviceKey({ ...author, deviceId: body.deviceId });
      return chain.endedDevices.has(key) ? null : { ...chain, endedDevices: new Set([...chain.endedDevices, key]) };
    }
    case 'link_made': {
      const { kind: _, ...terms } = body;
      if (chain.links.has(terms.linkId) || terms.uses < 1 || terms.until <= item.time) return null;
      return withLink(chain, { ...terms, madeBy: author.userId, used: 0, hasEnded: false });
    }
    case 'link_ended': {
      const link = chain.links.get(body.linkId);
      return link && !link.hasEnded ? withLink(chain, { ...link, hasEnded: true }) : null;
    }
    case 'regrouped': {
      const { generation, groupId } = body;
      if (generation !== chain.groupIds.length || !isGroupIdOf(groupId, chain.roomId, generation)) return null;
      const { userId, deviceId } = author;
      return {
        ...chain,
        groupIds: [...chain.groupIds, groupId],
        newestGroup: { userId, deviceId, time: item.time },
      };
    }
    case 'encrypted_from':
      return chain.encryptedFromSeq === null ? { ...chain, encryptedFromSeq: body.seq } : null;
    case 'earlier_messages':
      return { ...chain, earlierMessagesSince: body.allowed ? chain.hashes.length : null };
  }
}

/**
 * A link lets in whom its key signed, as often and as long as it says, and nobody whom the room knows otherwise. The
 * newcomer writes the time, so what others have written counts, too.
 */
async function admitByLink(
  chain: RoomChain,
  { author, time }: ChainItem,
  { linkId, linkSignature }: Extract<ChainBody, { kind: 'admitted_by_link' }>,
): Promise<RoomChain | null> {
  const link = chain.links.get(linkId);
  if (!link || link.hasEnded || link.used >= link.uses) return null;
  if (Math.max(time, timeReached(chain)) > link.until) return null;
  const known = [...chain.people.values()].filter(({ userId }) => userId === author.userId);
  const isNew = known.length === 0;
  const hasLeft =
    known.length === 1 && known.every((one) => !one.isBarred && equalBytes(one.identity, author.identity));
  if ((!isNew && !hasLeft) || admittedIdentityOf(chain, author.userId)) return null;
  if (!(await verifyLinkAdmission(chain, link, author, linkSignature))) return null;
  return admit(withLink(chain, { ...link, used: link.used + 1 }), { ...author, linkId });
}

function admit(
  chain: RoomChain,
  { userId, identity, linkId }: Pick<ChainPerson, 'userId' | 'identity' | 'linkId'>,
): RoomChain {
  const before = admittedIdentityOf(chain, userId);
  const without = before ? putOut(chain, before, true) : chain;
  const changes = without.people.get(personKey(userId, identity))?.changes ?? [];
  return withPerson(without, {
    userId,
    identity,
    linkId,
    isBarred: false,
    time: 0,
    changes: [...changes, { length: chain.hashes.length, isIn: true }],
  });
}

function remove(chain: RoomChain, userId: string, byUserId: string): RoomChain | null {
  const person = admittedIdentityOf(chain, userId);
  return person && putOut(chain, person, userId !== byUserId);
}

/** Links end with who made them, and with whom they brought in if that one had to be put out. */
function putOut(chain: RoomChain, person: ChainPerson, isBarred: boolean): RoomChain {
  const links = new Map(
    [...chain.links].map(([id, link]): [string, ChainLink] => {
      const ends = link.madeBy === person.userId || (isBarred && id === person.linkId);
      return [id, ends ? { ...link, hasEnded: true } : link];
    }),
  );
  const changes = [...person.changes, { length: chain.hashes.length, isIn: false }];
  return withPerson({ ...chain, links }, { ...person, isBarred, changes });
}

function withTimeOfAuthor(chain: RoomChain, { author, time }: ChainItem): RoomChain {
  const person = chain.people.get(personKey(author.userId, author.identity));
  return person ? withPerson(chain, { ...person, time: Math.max(person.time, time) }) : chain;
}

function withPerson(chain: RoomChain, person: ChainPerson): RoomChain {
  const people = new Map(chain.people).set(personKey(person.userId, person.identity), person);
  return { ...chain, people };
}

function withLink(chain: RoomChain, link: ChainLink): RoomChain {
  return { ...chain, links: new Map(chain.links).set(link.linkId, link) };
}
