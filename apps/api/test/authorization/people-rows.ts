import type { RestRequest } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { type RestRow, restRow } from './rest-row';
import type { Actor, Outcomes, World } from './world';

const SIGNED_IN: Outcomes = ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'];
const ACCOUNTS: Outcomes = ['unauthorized', 'forbidden', 'ok', 'ok', 'ok', 'ok'];
const MEMBERS: Outcomes = ['unauthorized', 'ok', 'room_not_found', 'ok', 'ok', 'ok'];

const STRANGERS: Outcomes = [
  'unauthorized',
  'forbidden',
  'contact_not_found',
  'contact_not_found',
  'contact_not_found',
  'contact_not_found',
];

/** @returns the victim, after a contact request from the victim, from the actor, or both */
function victimAfter(asked: { byVictim?: boolean; byActor?: boolean }) {
  return async (world: World, actor: Actor): Promise<RestRequest<'DELETE /contacts/:userId'>> => {
    const { victim, users } = world;
    const actorId = actor === 'anonymous' ? randomUUID() : users[actor].id;
    if (asked.byVictim) await victim.rest.request('POST /contacts', { body: { userId: actorId } });
    if (asked.byActor) await world.clientOf(actor).request('POST /contacts', { body: { userId: victim.id } });
    return { userId: victim.id };
  };
}

const asContact = victimAfter({ byVictim: true, byActor: true });

/** The rows of the table about people: guests have no contacts, and everybody has preferences. */
export const PEOPLE_ROWS: readonly RestRow[] = [
  restRow('GET /users', ACCOUNTS, ({ victim }) => ({ query: { name: victim.username } })),
  restRow('GET /users/:userId', ACCOUNTS, ({ victim }) => ({ userId: victim.id })),
  restRow('GET /contacts', SIGNED_IN),
  restRow('POST /contacts', ACCOUNTS, ({ victim }) => ({ body: { userId: victim.id } })),
  restRow('POST /contacts/:userId/accept', ACCOUNTS, victimAfter({ byVictim: true })),
  restRow('POST /contacts/:userId/decline', ACCOUNTS, victimAfter({ byVictim: true })),
  restRow('POST /contacts/:userId/withdraw', ACCOUNTS, victimAfter({ byActor: true })),
  restRow('DELETE /contacts/:userId', ACCOUNTS, asContact),
  restRow('PATCH /contacts/:userId', ACCOUNTS, async (world, actor) => ({
    ...(await asContact(world, actor)),
    body: { ringtone: 'bell' as const },
  })),
  restRow('POST /contacts/:userId/room', ACCOUNTS, asContact),
  // An unanswered request makes no contact, but members of one room may write to each other.
  restRow(
    'POST /contacts/:userId/room',
    ['unauthorized', 'forbidden', 'contact_not_found', 'ok', 'ok', 'ok'],
    victimAfter({ byActor: true }),
  ),
  // Unless the other one lets contacts alone write, or blocks.
  restRow('POST /contacts/:userId/room', STRANGERS, async ({ victim }) => {
    await victim.rest.request('PATCH /preferences', { body: { writers: 'contacts' } });
    return { userId: victim.id };
  }),
  restRow('POST /contacts/:userId/room', STRANGERS, async ({ victim, users }, actor) => {
    const blocked = actor === 'anonymous' || actor === 'guest' ? users.stranger : users[actor];
    await victim.rest.request('PUT /contacts/:userId/block', { userId: blocked.id });
    return { userId: victim.id };
  }),
  restRow('POST /contacts/:userId/room', STRANGERS, ({ users }) => ({ userId: users.guest.id })),
  restRow('PUT /contacts/:userId/block', ACCOUNTS, victimAfter({})),
  restRow('DELETE /contacts/:userId/block', ACCOUNTS, victimAfter({})),
  restRow('GET /preferences', SIGNED_IN),
  restRow('PATCH /preferences', SIGNED_IN, () => ({ body: { doNotDisturb: true } })),
  restRow('PATCH /rooms/:roomId/membership', MEMBERS, ({ roomId }) => ({ roomId, body: { doNotDisturb: true } })),
];
