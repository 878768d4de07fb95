import { randomUUID } from 'node:crypto';
import { newCode, REGISTRATION_CODE } from '../support/test-app';
import { DEVICE_ROWS } from './device-rows';
import { ENCRYPTION_ROWS } from './encryption-rows';
import { PEOPLE_ROWS } from './people-rows';
import { probeRow, type RestRow, restRow } from './rest-row';
import { VAULT_ROWS } from './vault-rows';
import type { Actor, Outcomes, World } from './world';

const ALL: Outcomes = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok'];
const SIGNED_IN: Outcomes = ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'];
const ACCOUNTS: Outcomes = ['unauthorized', 'forbidden', 'ok', 'ok', 'ok', 'ok'];
const MEMBERS: Outcomes = ['unauthorized', 'ok', 'room_not_found', 'ok', 'ok', 'ok'];
const MODERATORS: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'ok', 'ok'];
const PUBLIC_MODERATORS: Outcomes = ['unauthorized', 'forbidden', 'forbidden', 'forbidden', 'ok', 'ok'];
const PUBLIC_MEMBERS: Outcomes = ['unauthorized', 'forbidden', 'forbidden', 'ok', 'ok', 'ok'];
const OWNER: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'forbidden', 'ok'];

const passwordOf = (world: World, actor: Actor): string =>
  (actor === 'anonymous' ? '' : world.users[actor].password) || '-';

/** Makes the room of a world public. */
async function openedRoom({ roomId, users }: World): Promise<{ roomId: string }> {
  await users.owner.rest.request('PATCH /rooms/:roomId', { roomId, body: { visibility: 'public' } });
  return { roomId };
}

const newName = (): string => `n-${randomUUID().slice(0, 12)}`;

/** The rows of the table for REST endpoints. */
export const REST_ROWS: readonly RestRow[] = [
  ...PEOPLE_ROWS,
  ...DEVICE_ROWS,
  ...ENCRYPTION_ROWS,
  ...VAULT_ROWS,
  probeRow('GET /healthz', ALL),
  probeRow('GET /readyz', ALL),
  // Needs the token of METRICS_TOKEN, which no user has: see http.spec.ts.
  probeRow('GET /metrics', ['not_found', 'not_found', 'not_found', 'not_found', 'not_found', 'not_found']),
  restRow('POST /auth/register', ALL, () => {
    const username = newName();
    const email = `${username}@example.org`;
    return { body: { username, email, password: 'correct horse battery', registrationCode: REGISTRATION_CODE } };
  }),
  restRow('POST /auth/login', ALL, ({ victim }) => ({
    body: { email: victim.email, password: victim.password },
  })),
  restRow('POST /auth/refresh', SIGNED_IN, () => ({ body: {} })),
  // Needs a reset link, which nobody in the table has: see reset-links.spec.ts.
  restRow(
    'POST /auth/reset-password',
    [
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
    ],
    () => ({ body: { token: randomUUID(), newPassword: 'staple of the sea' } }),
  ),
  restRow('POST /auth/logout', ALL),
  restRow('GET /auth/me', SIGNED_IN),
  restRow('PATCH /auth/me', ACCOUNTS, (world, actor) => ({
    body: { username: newName(), currentPassword: passwordOf(world, actor) },
  })),
  restRow('POST /auth/password', ACCOUNTS, (world, actor) => ({
    body: { currentPassword: passwordOf(world, actor), newPassword: 'staple of the sea' },
  })),
  restRow('GET /auth/sessions', SIGNED_IN),
  restRow('DELETE /auth/sessions', SIGNED_IN),
  restRow('DELETE /auth/sessions/:sessionId', SIGNED_IN, async (world, actor) => {
    if (actor === 'anonymous') return { sessionId: randomUUID() };
    const { body } = await world.clientOf(actor).request('GET /auth/sessions');
    return { sessionId: body.sessions[0]!.id };
  }),
  restRow('DELETE /auth/me', ACCOUNTS, (world, actor) => ({ body: { password: passwordOf(world, actor) } })),
  restRow('POST /rooms', ACCOUNTS, () => ({ body: { name: 'Balcony', visibility: 'private' } })),
  restRow('GET /rooms', SIGNED_IN),
  restRow('GET /rooms/public', ACCOUNTS),
  restRow('GET /rooms/:roomId', MEMBERS, ({ roomId }) => ({ roomId })),
  restRow('PATCH /rooms/:roomId', MODERATORS, ({ roomId }) => ({ roomId, body: { name: 'Balcony' } })),
  restRow('PATCH /rooms/:roomId', OWNER, ({ roomId }) => ({ roomId, body: { visibility: 'public' } })),
  restRow('PATCH /rooms/:roomId', MODERATORS, ({ roomId }) => ({ roomId, body: { door: 'lobby' } })),
  restRow('DELETE /rooms/:roomId', OWNER, ({ roomId }) => ({ roomId })),
  // A private room can only be joined by invitation; for its members nothing changes.
  restRow(
    'POST /rooms/:roomId/join',
    ['unauthorized', 'forbidden', 'room_not_found', 'ok', 'ok', 'ok'],
    ({ roomId }) => ({ roomId }),
  ),
  restRow('POST /rooms/:roomId/leave', MEMBERS, ({ roomId }) => ({ roomId })),
  restRow('GET /rooms/:roomId/members', MEMBERS, ({ roomId }) => ({ roomId })),
  restRow('PATCH /rooms/:roomId/members/:userId', OWNER, ({ roomId, victim }) => ({
    roomId,
    userId: victim.id,
    body: { role: 'moderator' },
  })),
  restRow('DELETE /rooms/:roomId/members/:userId', MODERATORS, ({ roomId, victim }) => ({
    roomId,
    userId: victim.id,
  })),
  restRow('GET /rooms/:roomId/removals', MODERATORS, ({ roomId }) => ({ roomId })),
  restRow('DELETE /rooms/:roomId/removals/:userId', MODERATORS, async ({ roomId, users, victim }) => {
    const removed = { roomId, userId: victim.id };
    await users.owner.rest.request('DELETE /rooms/:roomId/members/:userId', removed);
    return removed;
  }),
  restRow('GET /rooms/:roomId/invitations', MODERATORS, ({ roomId }) => ({ roomId })),
  restRow('POST /rooms/:roomId/invitations', MODERATORS, ({ roomId }) => ({ roomId, body: { role: 'member' } })),
  restRow('DELETE /rooms/:roomId/invitations/:invitationId', MODERATORS, async ({ roomId, users }) => {
    const body = { role: 'guest' } as const;
    const created = await users.owner.rest.request('POST /rooms/:roomId/invitations', { roomId, body });
    return { roomId, invitationId: created.body.id };
  }),
  // In a public room plain members invite people who have an account, and manage their own invitations.
  restRow('GET /rooms/:roomId/invitations', PUBLIC_MEMBERS, openedRoom),
  restRow('POST /rooms/:roomId/invitations', PUBLIC_MEMBERS, async (world) => ({
    ...(await openedRoom(world)),
    body: { role: 'member' },
  })),
  restRow('POST /rooms/:roomId/invitations', PUBLIC_MODERATORS, async (world) => ({
    ...(await openedRoom(world)),
    body: { role: 'guest' },
  })),
  restRow(
    'DELETE /rooms/:roomId/invitations/:invitationId',
    ['unauthorized', 'forbidden', 'forbidden', 'invitation_not_found', 'ok', 'ok'],
    async (world) => {
      const { roomId } = await openedRoom(world);
      const body = { role: 'member' } as const;
      const created = await world.users.owner.rest.request('POST /rooms/:roomId/invitations', { roomId, body });
      return { roomId, invitationId: created.body.id };
    },
  ),
  restRow('GET /invitations/:code', ALL, async ({ users, roomId }) => ({ code: await newCode(users.owner, roomId) })),
  restRow('POST /invitations/:code/join', ACCOUNTS, async ({ users, roomId }) => ({
    code: await newCode(users.owner, roomId),
  })),
  restRow('POST /invitations/:code/guest', ALL, async ({ users, roomId }) => ({
    code: await newCode(users.owner, roomId, { role: 'guest' }),
    body: { name: 'Uncle Vanya' },
  })),
  restRow('GET /rooms/:roomId/messages', MEMBERS, ({ roomId }) => ({ roomId })),
  restRow('GET /rooms/:roomId/messages/changes', MEMBERS, ({ roomId }) => ({ roomId, query: { after: 0 } })),
  restRow('GET /calls', SIGNED_IN),
  restRow('GET /server', SIGNED_IN),
];
