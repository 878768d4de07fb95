import { type Proposal, type ProposalOrRef, type PublicMessage } from 'ts-mls';
import { type Bytes, concatBytes } from '../bytes/bytes';
import { type TestPerson } from '../testing/people';
import { NOTE, TestGroup } from '../testing/test-group';
import { encodeCommitNote } from './commit-note';
import { type GroupRefusal } from './group';
import { commitOf, credentialOf, forge, pathOf, propose, setSender } from './testing/attacker';

let [ann, bob, carl]: TestPerson[] = [];
let test: TestGroup;

beforeEach(async () => {
  test = await TestGroup.createOfThree();
  [ann, bob, carl] = test.people;
});

describe('a commit', () => {
  const remove = (removed: number): ProposalOrRef => inline({ proposalType: 'remove', remove: { removed } });
  const inline = (proposal: Proposal): ProposalOrRef => ({ proposalOrRefType: 'proposal', proposal });
  const byMember: [string, GroupRefusal, (message: PublicMessage) => unknown][] = [
    ['of another group', 'other_group', ({ content }) => (content.groupId = new Uint8Array(16))],
    ['of an epoch that is over', 'past_epoch', ({ content }) => content.epoch--],
    ['of a later epoch', 'later_epoch', ({ content }) => content.epoch++],
    ['of the server', 'wrong_sender', (message) => setSender(message, { senderType: 'external', senderIndex: 0 })],
    [
      'of a leaf that is outside of the tree',
      'wrong_sender',
      (message) => setSender(message, { senderType: 'member', leafIndex: 2 ** 31 }),
    ],
    ['of a blank leaf', 'wrong_sender', (message) => setSender(message, { senderType: 'member', leafIndex: 6 })],
    ['by another member’s name', 'wrong_leaf', (message) => setSender(message, { senderType: 'member', leafIndex: 3 })],
    ['without a note', 'malformed', ({ content }) => (content.authenticatedData = new Uint8Array())],
    [
      'by reference',
      'forbidden_proposal',
      (message) => propose(message, { proposalOrRefType: 'reference', reference: new Uint8Array(64) }),
    ],
    [
      'with a ReInit',
      'forbidden_proposal',
      (message) =>
        propose(
          message,
          inline({
            proposalType: 'reinit',
            reinit: {
              groupId: new Uint8Array(1),
              version: 'mls10',
              cipherSuite: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
              extensions: [],
            },
          }),
        ),
    ],
    [
      'with an Update',
      'forbidden_proposal',
      (message) =>
        propose(
          message,
          inline({
            proposalType: 'update',
            update: { leafNode: { ...pathOf(message).leafNode, leafNodeSource: 'update' } },
          }),
        ),
    ],
    [
      'with extensions',
      'forbidden_proposal',
      (message) =>
        propose(
          message,
          inline({ proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [] } }),
        ),
    ],
    [
      'with a pre-shared key',
      'forbidden_proposal',
      (message) =>
        propose(
          message,
          inline({
            proposalType: 'psk',
            psk: { preSharedKeyId: { psktype: 'external', pskId: new Uint8Array(1), pskNonce: new Uint8Array(64) } },
          }),
        ),
    ],
    [
      'with an ExternalInit of a member',
      'forbidden_proposal',
      (message) =>
        propose(message, inline({ proposalType: 'external_init', externalInit: { kemOutput: new Uint8Array(1120) } })),
    ],
    [
      'with a proposal that nobody knows',
      'forbidden_proposal',
      (message) => propose(message, inline({ proposalType: 0xf00d, proposalData: new Uint8Array() })),
    ],
    ['that removes a leaf outside of the tree', 'wrong_leaf', (message) => propose(message, remove(2 ** 31))],
    ['that removes a blank leaf', 'wrong_leaf', (message) => propose(message, remove(7))],
    ['that removes a leaf twice', 'wrong_leaf', (message) => propose(message, remove(3), remove(3))],
    ['that removes its own leaf', 'wrong_leaf', (message) => propose(message, remove(0))],
    [
      'that removes without a path',
      'no_path',
      (message) => {
        propose(message, remove(3));
        commitOf(message).path = undefined;
      },
    ],
    ['without anything', 'no_path', (message) => (commitOf(message).path = undefined)],
    [
      'with another signing key',
      'wrong_leaf',
      (message) => (pathOf(message).leafNode.signaturePublicKey = new Uint8Array(32)),
    ],
    [
      'with a credential that is not ours',
      'wrong_leaf',
      (message) => (pathOf(message).leafNode.credential = { credentialType: 'x509', certificates: [] }),
    ],
    [
      'with extensions of a leaf',
      'wrong_leaf',
      (message) =>
        pathOf(message).leafNode.extensions.push({ extensionType: 'application_id', extensionData: new Uint8Array() }),
    ],
    ['whose signature is wrong', 'unprocessable', (message) => (message.auth.signature = new Uint8Array(64))],
    [
      'whose note was changed',
      'unprocessable',
      ({ content }) => (content.authenticatedData = encodeCommitNote({ ...NOTE, memberVersion: 2 })),
    ],
    ['that names a removal afterwards', 'unprocessable', (message) => propose(message, remove(3))],
  ];

  it.each(byMember)('%s is refused: %s', async (_, refused, change) => {
    const { commit } = await test.of(ann!.device).prepareCommit({}, NOTE, test.policy);
    const forged = forge(commit, change);
    expect(await test.of(bob!.device).processCommit(forged, () => test.policy)).toEqual({ refused });
    expect(await test.of(bob!.device).processCommit(commit, () => test.policy)).toMatchObject({ note: NOTE });
  });

  const byJoiner: [string, GroupRefusal, (message: PublicMessage) => unknown][] = [
    ['that takes out somebody else', 'wrong_device', (message) => propose(message, remove(3))],
    ['that takes out another device of the same user', 'wrong_device', (message) => propose(message, remove(0))],
    ['that takes out a leaf outside of the tree', 'wrong_leaf', (message) => propose(message, remove(2 ** 31))],
    ['that takes out two', 'forbidden_proposal', (message) => propose(message, remove(0), remove(3))],
    ['with two ExternalInits', 'forbidden_proposal', (message) => propose(message, ...commitOf(message).proposals)],
    ['without an ExternalInit', 'forbidden_proposal', (message) => (commitOf(message).proposals = [])],
    [
      'that adds another device',
      'forbidden_proposal',
      (message) => propose(message, inline({ proposalType: 0xf00d, proposalData: new Uint8Array() })),
    ],
    [
      'by reference',
      'forbidden_proposal',
      (message) => propose(message, { proposalOrRefType: 'reference', reference: new Uint8Array(64) }),
    ],
    ['without a path', 'no_path', (message) => (commitOf(message).path = undefined)],
    [
      'with a credential that is not ours',
      'wrong_leaf',
      (message) => (pathOf(message).leafNode.credential = { credentialType: 'x509', certificates: [] }),
    ],
    [
      'in the name of another user',
      'unprocessable',
      (message) => (pathOf(message).leafNode.credential = credentialOf(bob!.device)),
    ],
  ];

  it.each(byJoiner)('of a joiner %s is refused: %s', async (_, refused, change) => {
    const tablet = await ann!.addDevice('tablet');
    const info = await test.of(bob!.device).exportGroupInfo(NOTE);
    const joined = await tablet.groups.joinByCommit(test.groupId, info, tablet.leafIdentity(), NOTE, () => test.policy);
    const commit = 'commit' in joined ? joined.commit : new Uint8Array();
    expect(await test.of(carl!.device).processCommit(forge(commit, change), () => test.policy)).toEqual({ refused });
    expect(await test.of(carl!.device).processCommit(commit, () => test.policy)).toMatchObject({ note: NOTE });
  });

  it.each<[string, GroupRefusal, (commit: Bytes) => Bytes]>([
    ['cut short', 'malformed', (commit) => commit.slice(0, -1)],
    ['too long', 'malformed', (commit) => concatBytes(commit, Uint8Array.of(0))],
    ['nothing', 'malformed', () => new Uint8Array()],
    ['noise', 'malformed', () => new Uint8Array(500).fill(0xff)],
    ['huge', 'too_large', () => new Uint8Array(2 ** 21)],
  ])('that is %s is refused', async (_, refused, change) => {
    const { commit } = await test.of(ann!.device).prepareCommit({}, NOTE, test.policy);
    expect(await test.of(bob!.device).processCommit(change(commit), () => test.policy)).toEqual({ refused });
  });

  it('waits until the chain that it names is here', async () => {
    const { commit } = await test.of(ann!.device).prepareCommit({}, NOTE, test.policy);
    expect(await test.of(bob!.device).processCommit(commit, () => null)).toEqual({ refused: 'chain_behind' });
  });
});
