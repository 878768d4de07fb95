import { type Bytes, hexOf, sha256 } from '../bytes/bytes';
import { encodeFields, type Field, type FieldReader } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { MOST_LEAVES } from '../group/group-policy';
import { type EpochDevice, rosterFields } from '../seal/epoch-key';

/** Length of the id of a roster, which is also that of its record. */
const ROSTER_ID_LENGTH = 16;

/** A stretch of the roster before, or a device that was not in it. */
export type RosterPart = { readonly from: number; readonly count: number } | EpochDevice;

/** The newest roster of a group that a vault has. */
export interface VaultRoster {
  readonly groupId: Bytes;
  readonly rosterId: Bytes;
  readonly roster: readonly EpochDevice[];
}

/** @returns the id of a roster, which names all rosters of the group before it, too */
export async function rosterIdOf(groupId: Bytes, before: Bytes, roster: readonly EpochDevice[]): Promise<Bytes> {
  const hash = await sha256(encodeFields('vaultRoster', [groupId, before, rosterFields(roster)]));
  return hash.slice(0, ROSTER_ID_LENGTH);
}

/** @returns whether both are the same devices in the same order */
export function equalRosters(a: readonly EpochDevice[], b: readonly EpochDevice[]): boolean {
  return a.length === b.length && a.every((device, i) => keyOf(device) === keyOf(b[i] ?? device));
}

/** @returns what the roster is made of: few parts, as a commit lets in or takes out few devices */
export function rosterPartsOf(before: readonly EpochDevice[], roster: readonly EpochDevice[]): RosterPart[] {
  const places = new Map(before.map((device, i) => [keyOf(device), i]));
  const parts: RosterPart[] = [];
  for (const device of roster) {
    const place = places.get(keyOf(device));
    const last = parts.at(-1);
    if (place === undefined) parts.push(device);
    else if (last && isStretch(last) && last.from + last.count === place)
      parts.splice(-1, 1, { from: last.from, count: last.count + 1 });
    else parts.push({ from: place, count: 1 });
  }
  return parts;
}

/** @returns the roster of which {@link rosterPartsOf} made the parts; null if they do not fit, or make too large a one */
export function joinRosterParts(
  before: readonly EpochDevice[],
  parts: readonly RosterPart[],
): readonly EpochDevice[] | null {
  const roster: EpochDevice[] = [];
  for (const part of parts) {
    if (!isStretch(part)) roster.push(part);
    else if (part.from + part.count > before.length) return null;
    else roster.push(...before.slice(part.from, part.from + part.count));
    if (roster.length > MOST_LEAVES) return null;
  }
  return roster;
}

/** @returns the parts as a field of an encoding; a stretch stands where a device has its user, who is never empty */
export function rosterPartFields(parts: readonly RosterPart[]): Field[] {
  return parts.flatMap((part) => (isStretch(part) ? [['', part.from, part.count]] : rosterFields([part])));
}

/** @returns the parts that {@link rosterPartFields} was given */
export function readRosterParts(fields: FieldReader): RosterPart[] {
  return fields.readList((entry) =>
    entry.readFields((part): RosterPart => {
      const userId = part.readText();
      if (userId === '') return { from: part.readNumber(), count: part.readNumber() };
      const [identity, deviceId] = [part.readBytes(KEY_LENGTH), part.readText()];
      return { userId, identity, deviceId, signingKey: part.readBytes(KEY_LENGTH) };
    }),
  );
}

function isStretch(part: RosterPart): part is Extract<RosterPart, { from: number }> {
  return 'from' in part;
}

function keyOf({ userId, deviceId, identity, signingKey }: EpochDevice): string {
  return JSON.stringify([userId, deviceId, hexOf(identity), hexOf(signingKey)]);
}
