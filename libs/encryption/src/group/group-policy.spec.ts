import { START, TestPerson, TestPolicy } from '../testing/people';
import { type Leaf } from './credential';
import { MOST_LEAVES, refuseChange, refuseJoining, type RosterChange, staleLeaves } from './group-policy';

let [ann, bob]: TestPerson[] = [];
let policy: TestPolicy;
let [first, second, third]: Leaf[] = [];

const leafOf = (person: TestPerson, index: number, device = person.device): Leaf => ({
  ...device.leafIdentity(),
  index,
  signingKey: device.signing.publicKey,
});
const refuse = (change: Partial<RosterChange>): string | null =>
  refuseChange({ committer: first!, before: [first!, second!], after: [first!, second!], ...change }, policy);

beforeEach(async () => {
  [ann, bob] = await Promise.all([TestPerson.create('ann', ['phone', 'laptop']), TestPerson.create('bob')]);
  policy = new TestPolicy(ann, bob);
  [first, second] = [leafOf(ann, 0), leafOf(bob, 1)];
  third = leafOf(ann, 2, ann.devices[1]);
});

describe('refuseChange', () => {
  it('lets keys be renewed, devices come, and newer lists be named', () => {
    expect(refuse({})).toBeNull();
    expect(refuse({ after: [first!, second!, third!] })).toBeNull();
    ann!.endDevice('laptop');
    expect(refuse({ after: [{ ...first!, listVersion: ann!.list.version }, second!] })).toBeNull();
  });

  it('sees a leaf that another device has taken as removed and added', async () => {
    expect(refuse({ after: [first!, { ...third!, index: 1 }] })).toBe('wrongful_removal');
    policy.setAdmission(bob!, 'removed');
    expect(refuse({ after: [first!, { ...third!, index: 1 }] })).toBeNull();
    const ghost = await bob!.addDevice('ghost', { isGhost: true });
    expect(refuse({ after: [first!, leafOf(bob!, 1, ghost)] })).toBe('ghost_device');
  });

  it.each<[string, string, () => Partial<RosterChange>]>([
    ['another signing key', 'changed_leaf', () => ({ after: [first!, { ...second!, signingKey: third!.signingKey }] })],
    ['an older list', 'changed_leaf', () => ({ after: [first!, { ...second!, listVersion: 0 }] })],
    ['another user in its place', 'wrongful_removal', () => ({ after: [first!, { ...second!, userId: 'carl' }] })],
    [
      'another identity in its place',
      'wrongful_removal',
      () => ({ after: [first!, { ...second!, identity: new Uint8Array(32) }] }),
    ],
    ['a device twice', 'leaf_twice', () => ({ after: [first!, second!, { ...second!, index: 5 }] })],
    [
      'one key for two devices',
      'ghost_device',
      () => ({ after: [first!, second!, { ...third!, signingKey: second!.signingKey }] }),
    ],
    ['nobody but the committer', 'wrongful_removal', () => ({ after: [first!] })],
  ])('refuses %s: %s', (_, refused, change) => {
    expect(refuse(change())).toBe(refused);
  });

  it('lets a device that has ended since come in as history has it, and names it as stale', () => {
    ann!.endDevice('laptop', START);
    expect(refuse({ after: [first!, second!, third!] })).toBeNull();
    expect(staleLeaves([first!, second!, third!], policy)).toEqual([third]);
  });

  it('has room for 200 devices', async () => {
    const crowd = Array.from({ length: MOST_LEAVES }, (_, i) => ({ ...second!, index: i + 10, deviceId: `d${i}` }));
    bob!.list = {
      ...bob!.list,
      devices: crowd.map(({ deviceId, signingKey }) => ({
        deviceId,
        signingKey,
        receivingKey: null,
        from: 0,
        until: 1,
      })),
    };
    expect(refuseJoining(crowd, policy)).toBe('leaf_twice');
    expect(refuseJoining([...crowd, first!], policy)).toBe('too_many');
  });
});
