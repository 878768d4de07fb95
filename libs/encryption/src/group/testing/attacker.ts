import {
  type ClientState,
  decodeGroupState,
  decodeMlsMessage,
  encodeMlsMessage,
  type ProposalOrRef,
  type PublicMessage,
} from 'ts-mls';
import { type Bytes } from '../../bytes/bytes';
import { decodeFields } from '../../bytes/encoding';
import { type TestDevice } from '../../testing/people';
import { encodeCredential } from '../credential';
import { type Group } from '../group';
import { clientConfig } from '../mls/suite';

/** What the group keeps inside, as an attacker who is in it has it. */
export function stateOf(group: Group): ClientState {
  const fields = decodeFields('groupState', group.encode());
  fields?.readNumber();
  fields?.readText();
  const decoded = fields && decodeGroupState(fields.readBytes(), 0);
  if (!decoded) throw new Error('No state.');
  return { ...decoded[0], clientConfig };
}

/** @returns the commit, changed on the way */
export function forge(commit: Bytes, change: (message: PublicMessage) => unknown): Bytes {
  const message = decodeMlsMessage(commit, 0)?.[0];
  if (message?.wireformat !== 'mls_public_message') throw new Error('No commit.');
  change(message.publicMessage);
  return new Uint8Array(encodeMlsMessage(message));
}

/** @returns the commit in a message */
export function commitOf({ content }: PublicMessage) {
  if (content.contentType !== 'commit') throw new Error('No commit.');
  return content.commit;
}

/** @returns the path of the commit, which there must be */
export function pathOf(message: PublicMessage) {
  const { path } = commitOf(message);
  if (!path) throw new Error('No path.');
  return path;
}

/** Puts proposals into a commit. */
export function propose(message: PublicMessage, ...proposals: ProposalOrRef[]): void {
  commitOf(message).proposals.push(...proposals);
}

/** Gives a commit another sender. */
export function setSender(message: PublicMessage, sender: PublicMessage['content']['sender']): void {
  message.content.sender = sender;
  Object.assign(message, { senderType: sender.senderType, membershipTag: new Uint8Array(64) });
}

/** Gives the first parent node of a tree other unmerged leaves. */
export function setUnmerged(tree: ClientState['ratchetTree'], unmerged: number[]): void {
  const parent = tree.find((node) => node?.nodeType === 'parent');
  if (parent?.nodeType !== 'parent') throw new Error('No parent node.');
  Object.assign(parent.parent, { unmergedLeaves: unmerged });
}

/** @returns the credential of a device, for others to use */
export function credentialOf(device: TestDevice) {
  return { credentialType: 'basic', identity: encodeCredential(device.leafIdentity()) } as const;
}
