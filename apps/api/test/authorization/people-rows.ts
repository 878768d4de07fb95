import { randomUUID } from 'node:crypto';
import type { RestAnswer, RestClient } from '../support/rest';
import type { RestRow } from './rest-row';
import type { Actor, Outcomes, World } from './world';

const SIGNED_IN: Outcomes = ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'];
const ACCOUNTS: Outcomes = ['unauthorized', 'forbidden', 'ok', 'ok', 'ok', 'ok'];
const MEMBERS: Outcomes = ['unauthorized', 'ok', 'room_not_found', 'ok', 'ok', 'ok'];

/** An action towards the victim, after a contact request from the victim, from the actor, or both. */
function towardsVictim(
  asked: { byVictim?: boolean; byActor?: boolean },
  step: (client: RestClient, path: string) => Promise<RestAnswer>,
): RestRow['call'] {
  return async (client: RestClient, { victim, users }: World, actor: Actor) => {
    const actorId = actor === 'anonymous' ? randomUUID() : users[actor].id;
    if (asked.byVictim) await victim.rest.post('/contacts', { userId: actorId });
    if (asked.byActor) await client.post('/contacts', { userId: victim.id });
    return step(client, `/contacts/${victim.id}`);
  };
}

const CONTACTS = { byVictim: true, byActor: true };

/** The rows of the table about people: guests have no contacts, and everybody has preferences. */
export const PEOPLE_ROWS: readonly RestRow[] = [
  {
    route: 'GET /api/v1/users',
    call: (client, { victim }) => client.get(`/users?name=${victim.username}`),
    outcomes: ACCOUNTS,
  },
  { route: 'GET /api/v1/contacts', call: (client) => client.get('/contacts'), outcomes: SIGNED_IN },
  {
    route: 'POST /api/v1/contacts',
    call: (client, { victim }) => client.post('/contacts', { userId: victim.id }),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/contacts/:userId/accept',
    call: towardsVictim({ byVictim: true }, (client, path) => client.post(`${path}/accept`)),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/contacts/:userId/decline',
    call: towardsVictim({ byVictim: true }, (client, path) => client.post(`${path}/decline`)),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/contacts/:userId/withdraw',
    call: towardsVictim({ byActor: true }, (client, path) => client.post(`${path}/withdraw`)),
    outcomes: ACCOUNTS,
  },
  {
    route: 'DELETE /api/v1/contacts/:userId',
    call: towardsVictim(CONTACTS, (client, path) => client.delete(path)),
    outcomes: ACCOUNTS,
  },
  {
    route: 'PATCH /api/v1/contacts/:userId',
    call: towardsVictim(CONTACTS, (client, path) => client.patch(path, { ringtone: 'bell' })),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/contacts/:userId/room',
    call: towardsVictim(CONTACTS, (client, path) => client.post(`${path}/room`)),
    outcomes: ACCOUNTS,
  },
  {
    // An unanswered request makes no contact.
    route: 'POST /api/v1/contacts/:userId/room',
    call: towardsVictim({ byActor: true }, (client, path) => client.post(`${path}/room`)),
    outcomes: [
      'unauthorized',
      'forbidden',
      'contact_not_found',
      'contact_not_found',
      'contact_not_found',
      'contact_not_found',
    ],
  },
  {
    route: 'PUT /api/v1/contacts/:userId/block',
    call: towardsVictim({}, (client, path) => client.put(`${path}/block`)),
    outcomes: ACCOUNTS,
  },
  {
    route: 'DELETE /api/v1/contacts/:userId/block',
    call: towardsVictim({}, (client, path) => client.delete(`${path}/block`)),
    outcomes: ACCOUNTS,
  },
  { route: 'GET /api/v1/preferences', call: (client) => client.get('/preferences'), outcomes: SIGNED_IN },
  {
    route: 'PATCH /api/v1/preferences',
    call: (client) => client.patch('/preferences', { doNotDisturb: true }),
    outcomes: SIGNED_IN,
  },
  {
    route: 'PATCH /api/v1/rooms/:roomId/membership',
    call: (client, { roomId }) => client.patch(`/rooms/${roomId}/membership`, { doNotDisturb: true }),
    outcomes: MEMBERS,
  },
];
