import { randomUUID } from 'node:crypto';
import { listDevice, RawDevice, RawIdentity } from '../support/device-keys';
import { newDevice } from '../support/test-app';
import { type RestRow, restRow } from './rest-row';
import type { Actor, Outcomes, World } from './world';

const SIGNED_IN: Outcomes = ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'];
const ACCOUNTS: Outcomes = ['unauthorized', 'forbidden', 'ok', 'ok', 'ok', 'ok'];
const NO_DEVICE: Outcomes = [
  'unauthorized',
  'device_required',
  'device_required',
  'device_required',
  'device_required',
  'device_required',
];

const zeros = (bytes: number): string => Buffer.alloc(bytes).toString('base64url');
const newPairing = () => ({ id: randomUUID(), request: 'AAAA', mac: zeros(32) });

/** Begins the identity of the actor, whose session is then one of a device. */
async function listActor({ users }: World, actor: Actor) {
  return actor === 'anonymous' ? undefined : { user: users[actor], ...(await listDevice(users[actor])) };
}

/** Begins the identity of the member that is the target of actions, unless a cell before has done so. */
async function listOfVictim({ victim }: World) {
  const { body } = await victim.rest.request('GET /devices');
  if (!body.list) await listDevice(victim, Buffer.from('key package'));
  const { list, devices } = (await victim.rest.request('GET /devices')).body;
  return { userId: victim.id, identity: list!.identity, deviceId: devices[0]!.id };
}

/** The rows of the table about devices: everybody has their own, and sees those of whom they meet. */
export const DEVICE_ROWS: readonly RestRow[] = [
  restRow('GET /devices', SIGNED_IN),
  restRow('PUT /devices/list', SIGNED_IN, ({ users }, actor) => {
    const userId = actor === 'anonymous' ? randomUUID() : users[actor].id;
    return { body: new RawIdentity().signList(userId, 1, [new RawDevice().entry()]) };
  }),
  restRow('GET /devices/lists', SIGNED_IN, ({ victim }) => ({ query: { userIds: victim.id } })),
  restRow('PUT /devices/:deviceId/session', SIGNED_IN, async (world, actor) => {
    const listed = await listActor(world, actor);
    const { sessionId } = listed ? (await listed.user.rest.request('GET /devices')).body : { sessionId: '' };
    const device = listed?.device ?? new RawDevice();
    return { deviceId: device.id, body: { signature: device.signSession(listed?.user.id ?? '', sessionId) } };
  }),
  restRow('PUT /devices/key-package', NO_DEVICE, () => ({ body: { keyPackage: 'AAAA' } })),
  restRow('PUT /devices/key-package', SIGNED_IN, async (world, actor) => {
    await listActor(world, actor);
    return { body: { keyPackage: 'AAAA' } };
  }),
  restRow('PUT /devices/new-start', ACCOUNTS, async (world, actor) => {
    await listActor(world, actor);
    return { body: { identity: zeros(32) } };
  }),
  restRow('PUT /devices/new-start/agreement', NO_DEVICE, () => ({ body: { identity: zeros(32) } })),
  restRow(
    'DELETE /devices/new-start',
    ['unauthorized', 'new_start_not_found', 'ok', 'ok', 'ok', 'ok'],
    async (world, actor) => {
      const listed = await listActor(world, actor);
      await listed?.user.rest.request('PUT /devices/new-start', { body: { identity: zeros(32) } });
      return {};
    },
  ),
  restRow('GET /devices/pairings', NO_DEVICE),
  restRow('POST /devices/pairings', ACCOUNTS, () => ({ body: newPairing() })),
  restRow(
    'DELETE /devices/pairings/:pairingId',
    ['unauthorized', 'pairing_not_found', 'ok', 'ok', 'ok', 'ok'],
    async (world, actor) => {
      const body = newPairing();
      if (actor !== 'anonymous') await world.clientOf(actor).request('POST /devices/pairings', { body });
      return { pairingId: body.id };
    },
  ),
  restRow(
    'GET /devices/pairings/:pairingId/approval',
    ['unauthorized', 'pairing_not_found', 'ok', 'ok', 'ok', 'ok'],
    async (world, actor) => {
      const body = newPairing();
      if (actor !== 'anonymous') await world.clientOf(actor).request('POST /devices/pairings', { body });
      return { pairingId: body.id };
    },
  ),
  restRow(
    'PUT /devices/pairings/:pairingId/approval',
    ['unauthorized', 'pairing_not_found', 'ok', 'ok', 'ok', 'ok'],
    async (world, actor) => {
      const [body, listed] = [newPairing(), await listActor(world, actor)];
      const { identity, device } = listed ?? { identity: new RawIdentity(), device: new RawDevice() };
      if (listed && actor !== 'guest') {
        const asking = await newDevice(listed.user.rest, listed.user);
        await asking.request('POST /devices/pairings', { body });
      }
      const list = identity.signList(listed?.user.id ?? '', 2, [device.entry(), new RawDevice().entry()]);
      return { pairingId: body.id, body: { ...list, encapsulated: 'AAAA', box: 'AAAA' } };
    },
  ),
  restRow(
    'GET /users/:userId/device-lists/:identity',
    ['unauthorized', 'ok', 'device_list_not_found', 'ok', 'ok', 'ok'],
    listOfVictim,
  ),
  restRow(
    'GET /users/:userId/devices/:deviceId/key-package',
    ['unauthorized', 'forbidden', 'device_not_found', 'ok', 'ok', 'ok'],
    listOfVictim,
  ),
];
