import { base64UrlOf, bytesOfBase64Url, equalBytes } from '../bytes/bytes';
import { decodeFields, encodeFields, type FieldReader } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { type IdentityOfUser } from '../identity/safety-number';

/**
 * What a scanned code says. `other_identity`: one of both has another identity on the other screen, so somebody is in
 * between, or one of the screens is old. `other_people`: it is the code of somebody else, or for somebody else.
 */
export type SafetyCodeOutcome = 'same' | 'other_identity' | 'other_people' | 'unreadable';

/** @returns the text of a QR code that stands for the safety number of both: no address */
export function safetyCodeOf(own: IdentityOfUser, other: IdentityOfUser): string {
  const people = [own, other].map(({ userId, identity }) => [userId, identity]);
  return base64UrlOf(encodeFields('safetyCode', people));
}

/** @returns whether the other screen, whose code was scanned, has the same two identities as this one */
export function compareSafetyCode(text: string, own: IdentityOfUser, other: IdentityOfUser): SafetyCodeOutcome {
  const bytes = bytesOfBase64Url(text);
  const fields = bytes && decodeFields('safetyCode', bytes);
  if (!fields) return 'unreadable';
  // They have shown themselves first.
  const [theirs, ours] = [fields.readFields(readPerson), fields.readFields(readPerson)];
  if (!fields.isComplete) return 'unreadable';
  if (theirs.userId !== other.userId || ours.userId !== own.userId) return 'other_people';
  const isSame = equalBytes(theirs.identity, other.identity) && equalBytes(ours.identity, own.identity);
  return isSame ? 'same' : 'other_identity';
}

function readPerson(fields: FieldReader): IdentityOfUser {
  return { userId: fields.readText(), identity: fields.readBytes(KEY_LENGTH) };
}
