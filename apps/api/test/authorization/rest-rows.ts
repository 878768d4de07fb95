import { randomUUID } from 'node:crypto';
import { newCode, REGISTRATION_CODE } from '../support/test-app';
import { PEOPLE_ROWS } from './people-rows';
import type { RestRow } from './rest-row';
import type { Actor, Outcomes, World } from './world';

const ALL: Outcomes = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok'];
const SIGNED_IN: Outcomes = ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'];
const ACCOUNTS: Outcomes = ['unauthorized', 'forbidden', 'ok', 'ok', 'ok', 'ok'];
const MEMBERS: Outcomes = ['unauthorized', 'ok', 'room_not_found', 'ok', 'ok', 'ok'];
const MODERATORS: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'ok', 'ok'];
const OWNER: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'forbidden', 'ok'];

const passwordOf = (world: World, actor: Actor): string => (actor === 'anonymous' ? '' : world.users[actor].password);
const invitation = async ({ users, roomId }: World): Promise<string> => {
  const { body } = await users.owner.rest.post(`/rooms/${roomId}/invitations`, { role: 'guest' });
  return body.id;
};
const newName = (): string => `n-${randomUUID().slice(0, 12)}`;

/** The rows of the table for REST endpoints. */
export const REST_ROWS: readonly RestRow[] = [
  ...PEOPLE_ROWS,
  { route: 'GET /healthz', call: (client) => client.get('//healthz'), outcomes: ALL },
  { route: 'GET /readyz', call: (client) => client.get('//readyz'), outcomes: ALL },
  {
    // Needs the token of METRICS_TOKEN, which no user has: see http.spec.ts.
    route: 'GET /metrics',
    call: (client) => client.get('//metrics'),
    outcomes: ['not_found', 'not_found', 'not_found', 'not_found', 'not_found', 'not_found'],
  },
  {
    route: 'POST /api/v1/auth/register',
    call: (client) => {
      const username = newName();
      const account = { username, email: `${username}@example.org`, password: 'correct horse battery' };
      return client.post('/auth/register', { ...account, registrationCode: REGISTRATION_CODE });
    },
    outcomes: ALL,
  },
  {
    route: 'POST /api/v1/auth/login',
    call: (client, { victim }) => client.post('/auth/login', { email: victim.email, password: victim.password }),
    outcomes: ALL,
  },
  {
    route: 'POST /api/v1/auth/refresh',
    call: (client) => client.post('/auth/refresh', {}),
    outcomes: SIGNED_IN,
  },
  {
    // Needs a reset link, which nobody in the table has: see reset-links.spec.ts.
    route: 'POST /api/v1/auth/reset-password',
    call: (client) => client.post('/auth/reset-password', { token: randomUUID(), newPassword: 'staple of the sea' }),
    outcomes: [
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
      'reset_link_invalid',
    ],
  },
  { route: 'POST /api/v1/auth/logout', call: (client) => client.post('/auth/logout'), outcomes: ALL },
  { route: 'GET /api/v1/auth/me', call: (client) => client.get('/auth/me'), outcomes: SIGNED_IN },
  {
    route: 'PATCH /api/v1/auth/me',
    call: (client, world, actor) =>
      client.patch('/auth/me', { username: newName(), currentPassword: passwordOf(world, actor) || '-' }),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/auth/password',
    call: (client, world, actor) =>
      client.post('/auth/password', {
        currentPassword: passwordOf(world, actor) || '-',
        newPassword: 'staple of the sea',
      }),
    outcomes: ACCOUNTS,
  },
  { route: 'GET /api/v1/auth/sessions', call: (client) => client.get('/auth/sessions'), outcomes: SIGNED_IN },
  {
    route: 'DELETE /api/v1/auth/sessions/:sessionId',
    call: async (client) => {
      const { body } = await client.get('/auth/sessions');
      return client.delete(`/auth/sessions/${body.sessions?.[0].id ?? randomUUID()}`);
    },
    outcomes: SIGNED_IN,
  },
  {
    route: 'DELETE /api/v1/auth/me',
    call: (client, world, actor) => client.delete('/auth/me', { password: passwordOf(world, actor) || '-' }),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/rooms',
    call: (client) => client.post('/rooms', { name: 'Balcony', visibility: 'private' }),
    outcomes: ACCOUNTS,
  },
  { route: 'GET /api/v1/rooms', call: (client) => client.get('/rooms'), outcomes: SIGNED_IN },
  { route: 'GET /api/v1/rooms/public', call: (client) => client.get('/rooms/public'), outcomes: ACCOUNTS },
  {
    route: 'GET /api/v1/rooms/:roomId',
    call: (client, { roomId }) => client.get(`/rooms/${roomId}`),
    outcomes: MEMBERS,
  },
  {
    route: 'PATCH /api/v1/rooms/:roomId',
    call: (client, { roomId }) => client.patch(`/rooms/${roomId}`, { name: 'Balcony' }),
    outcomes: MODERATORS,
  },
  {
    route: 'PATCH /api/v1/rooms/:roomId',
    call: (client, { roomId }) => client.patch(`/rooms/${roomId}`, { visibility: 'public' }),
    outcomes: OWNER,
  },
  {
    route: 'PATCH /api/v1/rooms/:roomId',
    call: (client, { roomId }) => client.patch(`/rooms/${roomId}`, { door: 'lobby' }),
    outcomes: MODERATORS,
  },
  {
    route: 'DELETE /api/v1/rooms/:roomId',
    call: (client, { roomId }) => client.delete(`/rooms/${roomId}`),
    outcomes: OWNER,
  },
  {
    // A private room can only be joined by invitation; for its members nothing changes.
    route: 'POST /api/v1/rooms/:roomId/join',
    call: (client, { roomId }) => client.post(`/rooms/${roomId}/join`),
    outcomes: ['unauthorized', 'forbidden', 'room_not_found', 'ok', 'ok', 'ok'],
  },
  {
    route: 'POST /api/v1/rooms/:roomId/leave',
    call: (client, { roomId }) => client.post(`/rooms/${roomId}/leave`),
    outcomes: MEMBERS,
  },
  {
    route: 'GET /api/v1/rooms/:roomId/members',
    call: (client, { roomId }) => client.get(`/rooms/${roomId}/members`),
    outcomes: MEMBERS,
  },
  {
    route: 'PATCH /api/v1/rooms/:roomId/members/:userId',
    call: (client, { roomId, victim }) => client.patch(`/rooms/${roomId}/members/${victim.id}`, { role: 'moderator' }),
    outcomes: OWNER,
  },
  {
    route: 'DELETE /api/v1/rooms/:roomId/members/:userId',
    call: (client, { roomId, victim }) => client.delete(`/rooms/${roomId}/members/${victim.id}`),
    outcomes: MODERATORS,
  },
  {
    route: 'GET /api/v1/rooms/:roomId/removals',
    call: (client, { roomId }) => client.get(`/rooms/${roomId}/removals`),
    outcomes: MODERATORS,
  },
  {
    route: 'DELETE /api/v1/rooms/:roomId/removals/:userId',
    call: async (client, { users, victim, roomId }) => {
      await users.owner.rest.delete(`/rooms/${roomId}/members/${victim.id}`);
      return client.delete(`/rooms/${roomId}/removals/${victim.id}`);
    },
    outcomes: MODERATORS,
  },
  {
    route: 'GET /api/v1/rooms/:roomId/invitations',
    call: (client, { roomId }) => client.get(`/rooms/${roomId}/invitations`),
    outcomes: MODERATORS,
  },
  {
    route: 'POST /api/v1/rooms/:roomId/invitations',
    call: (client, { roomId }) => client.post(`/rooms/${roomId}/invitations`, { role: 'member' }),
    outcomes: MODERATORS,
  },
  {
    route: 'DELETE /api/v1/rooms/:roomId/invitations/:invitationId',
    call: async (client, world) => client.delete(`/rooms/${world.roomId}/invitations/${await invitation(world)}`),
    outcomes: MODERATORS,
  },
  {
    route: 'GET /api/v1/invitations/:code',
    call: async (client, { users, roomId }) => client.get(`/invitations/${await newCode(users.owner, roomId)}`),
    outcomes: ALL,
  },
  {
    route: 'POST /api/v1/invitations/:code/join',
    call: async (client, { users, roomId }) => client.post(`/invitations/${await newCode(users.owner, roomId)}/join`),
    outcomes: ACCOUNTS,
  },
  {
    route: 'POST /api/v1/invitations/:code/guest',
    call: async (client, { users, roomId }) => {
      const code = await newCode(users.owner, roomId, { role: 'guest' });
      return client.post(`/invitations/${code}/guest`, { name: 'Uncle Vanya' });
    },
    outcomes: ALL,
  },
  {
    route: 'GET /api/v1/rooms/:roomId/messages',
    call: (client, { roomId }) => client.get(`/rooms/${roomId}/messages`),
    outcomes: MEMBERS,
  },
  {
    route: 'GET /api/v1/rooms/:roomId/messages/changes',
    call: (client, { roomId }) => client.get(`/rooms/${roomId}/messages/changes?after=0`),
    outcomes: MEMBERS,
  },
  { route: 'GET /api/v1/calls', call: (client) => client.get('/calls'), outcomes: SIGNED_IN },
  { route: 'GET /api/v1/server', call: (client) => client.get('/server'), outcomes: SIGNED_IN },
];
