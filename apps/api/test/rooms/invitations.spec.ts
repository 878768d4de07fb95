import type { CreateInvitationDto } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { GuestCleanup } from '../../src/auth/guest-cleanup';
import { rest } from '../support/rest';
import { bringIn, newCode, newGuest, newRoom, newUser, rolesIn } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

describe('an invitation', () => {
  it('is returned with its code, stored as a hash, and has a preview', async () => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const { status, body } = await anna.rest.request('POST /rooms/:roomId/invitations', {
      roomId: room.id,
      body: { role: 'member', expiresInHours: 2, maxUses: 3 },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      code: expect.stringMatching(/^[\w-]{43}$/),
      role: 'member',
      createdBy: anna.username,
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      maxUses: 3,
      uses: 0,
    });
    expect(Date.parse(body.expiresAt!) - Date.parse(body.createdAt)).toBeGreaterThan(1.9 * 3600_000);
    const { code = '' } = body;
    expect((await anna.rest.request('GET /rooms/:roomId/invitations', { roomId: room.id })).body).toEqual({
      invitations: [body],
      next: null,
    });
    expect(await server.db.query('SELECT FROM invitations WHERE code_hash = $1', [code])).toHaveLength(0);
    expect((await rest(server.url).request('GET /invitations/:code', { code })).body).toEqual({
      roomId: room.id,
      roomName: room.name,
      invitedBy: anna.username,
      role: 'member',
      memberCount: 1,
    });
  });

  it('lets people into a private room, and counts no use for members', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    const code = await newCode(anna, room.id, { maxUses: 1 });
    expect((await anna.rest.request('POST /invitations/:code/join', { code })).body.role).toBe('owner');
    expect((await boris.rest.request('POST /invitations/:code/join', { code })).body).toMatchObject({
      id: room.id,
      role: 'member',
    });
    const clara = await newUser(server);
    const { status, body } = await clara.rest.request('POST /invitations/:code/join', { code });
    expect([status, body.error.code]).toEqual([410, 'invitation_used_up']);
    expect((await anna.rest.request('GET /rooms/:roomId/invitations', { roomId: room.id })).body.invitations).toEqual(
      [],
    );
  });

  it('lets in exactly its number of uses when more come at once', async () => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const code = await newCode(anna, room.id, { maxUses: 3 });
    const crowd = await Promise.all(Array.from({ length: 10 }, () => newUser(server)));
    const answers = await Promise.all(crowd.map((user) => user.rest.request('POST /invitations/:code/join', { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.error.code]).toEqual([410, 'invitation_used_up']);
    }
    expect(Object.keys(await rolesIn(anna, room.id))).toHaveLength(4);
  });

  it('counts one use when the same user joins twice at once', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    const code = await newCode(anna, room.id);
    await Promise.all([1, 2, 3].map(() => boris.rest.request('POST /invitations/:code/join', { code })));
    expect(
      (await anna.rest.request('GET /rooms/:roomId/invitations', { roomId: room.id })).body.invitations[0]!.uses,
    ).toBe(1);
  });

  it('ends when it is revoked or expires', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    const { body: made } = await anna.rest.request('POST /rooms/:roomId/invitations', {
      roomId: room.id,
      body: { role: 'member' },
    });
    const revoked = { roomId: room.id, invitationId: made.id };
    const revoke = () => anna.rest.request('DELETE /rooms/:roomId/invitations/:invitationId', revoked);
    expect((await revoke()).status).toBe(204);
    expect((await revoke()).status).toBe(404);
    const code = await newCode(anna, room.id);
    await server.db.query(`UPDATE invitations SET expires_at = now() - interval '1 minute' WHERE revoked_at IS NULL`);
    for (const [link, reason] of [
      [made.code!, 'invitation_revoked'],
      [code, 'invitation_expired'],
      ['never-made', 'invitation_not_found'],
    ] as const) {
      expect((await boris.rest.request('POST /invitations/:code/join', { code: link })).body.error.code).toBe(reason);
      expect((await rest(server.url).request('GET /invitations/:code', { code: link })).body.error.code).toBe(reason);
      expect(
        (await rest(server.url).request('POST /invitations/:code/guest', { code: link, body: { name: 'Vanya' } })).body
          .error.code,
      ).toBe(reason);
    }
  });

  it('is listed with its code, as long as the secret is the same, to those who may give its role', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris, 'moderator');
    await server.db.query('DELETE FROM invitations WHERE room_id = $1', [room.id]);
    const codes = [await newCode(anna, room.id, { role: 'moderator' }), await newCode(anna, room.id)];
    const listed = async (user: typeof anna) =>
      (await user.rest.request('GET /rooms/:roomId/invitations', { roomId: room.id })).body.invitations.map(
        ({ code }) => code,
      );
    expect(await listed(anna)).toEqual([codes[1], codes[0]]);
    expect(await listed(boris)).toEqual([codes[1], undefined]);
    const stored = await server.db.query<object>('SELECT * FROM invitations WHERE room_id = $1', [room.id]);
    for (const code of codes) expect(JSON.stringify(stored)).not.toContain(code);
    await server.db.query(`UPDATE invitations SET code_hash = md5(id::text) WHERE room_id = $1`, [room.id]);
    expect(await listed(anna)).toEqual([undefined, undefined]);
  });

  it('is created by moderators, for roles below their own', async () => {
    const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    await bringIn(anna, room.id, boris, 'moderator');
    await bringIn(anna, room.id, clara);
    const make = (user: typeof anna, role: CreateInvitationDto['role']) =>
      user.rest.request('POST /rooms/:roomId/invitations', { roomId: room.id, body: { role } });
    expect((await make(boris, 'member')).status).toBe(201);
    expect((await make(boris, 'moderator')).status).toBe(403);
    expect((await make(anna, 'moderator')).status).toBe(201);
    const forOwner = await anna.rest.send('POST', `/api/v1/rooms/${room.id}/invitations`, { role: 'owner' });
    expect(forOwner.status).toBe(400);
    expect((await make(clara, 'guest')).status).toBe(403);
    expect((await clara.rest.request('GET /rooms/:roomId/invitations', { roomId: room.id })).status).toBe(403);
    const stranger = await newRoom(clara);
    const { body } = await make(anna, 'member');
    expect(
      (
        await clara.rest.request('DELETE /rooms/:roomId/invitations/:invitationId', {
          roomId: stranger.id,
          invitationId: body.id,
        })
      ).body.error.code,
    ).toBe('invitation_not_found');
  });
});

describe('a guest', () => {
  it('joins with only a name, by an invitation for guests', async () => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const client = rest(server.url);
    const code = await newCode(anna, room.id, { role: 'guest' });
    const { status, body } = await client.request('POST /invitations/:code/guest', {
      code,
      body: { name: '  Дядя Ваня ' },
    });
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ username: 'Дядя Ваня', email: null, guest: true });
    client.token = body.accessToken;
    expect((await client.request('GET /rooms')).body.rooms).toMatchObject([{ id: room.id, role: 'guest' }]);
    expect((await client.request('POST /auth/refresh', { body: {} })).status).toBe(200);
    const forMembers = await newCode(anna, room.id, { role: 'member' });
    expect(
      (await rest(server.url).request('POST /invitations/:code/guest', { code: forMembers, body: { name: 'Vanya' } }))
        .status,
    ).toBe(403);
  });

  it('can do nothing outside the room', async () => {
    const anna = await newUser(server);
    const [room, open] = [await newRoom(anna), await newRoom(anna, 'public')];
    const guest = await newGuest(anna, room.id);
    const refused = [
      guest.rest.request('POST /rooms', { body: { name: 'Mine', visibility: 'private' } }),
      guest.rest.request('GET /rooms/public'),
      guest.rest.request('POST /rooms/:roomId/join', { roomId: open.id }),
      guest.rest.request('POST /invitations/:code/join', { code: await newCode(anna, open.id) }),
      guest.rest.request('PATCH /auth/me', { body: { username: 'somebody', currentPassword: 'x' } }),
      guest.rest.request('POST /auth/password', { body: { currentPassword: 'x', newPassword: 'correct horse' } }),
      guest.rest.request('DELETE /auth/me', { body: { password: 'x' } }),
    ];
    for (const { status, body } of await Promise.all(refused))
      expect([status, body.error.code]).toEqual([403, 'forbidden']);
    expect((await guest.rest.request('GET /rooms/:roomId', { roomId: open.id })).status).toBe(404);
  });

  it.each([
    ['leaves', (guest: Guest, roomId: string) => guest.rest.request('POST /rooms/:roomId/leave', { roomId })],
    ['signs out', (guest: Guest) => guest.rest.request('POST /auth/logout')],
  ])('is deleted when they %s', async (_, go) => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const guest = await newGuest(anna, room.id);
    // newGuest signs in with its own client, which holds the cookie.
    expect((await go(guest, room.id)).status).toBe(204);
    expect((await guest.rest.request('GET /auth/me')).body.error.code).toBe('session_ended');
    expect(await rolesIn(anna, room.id)).toEqual({ [anna.id]: 'owner' });
    expect(await server.db.query('SELECT FROM users WHERE id = $1', [guest.id])).toHaveLength(0);
  });

  it('is deleted when they are removed, or the room is deleted', async () => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const [removed, stays] = [await newGuest(anna, room.id), await newGuest(anna, room.id)];
    expect(
      (await anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.id, userId: removed.id }))
        .status,
    ).toBe(204);
    expect((await removed.rest.request('GET /rooms')).body.error.code).toBe('session_ended');
    expect((await stays.rest.request('GET /rooms')).status).toBe(200);
    await anna.rest.request('DELETE /rooms/:roomId', { roomId: room.id });
    expect((await stays.rest.request('GET /rooms')).body.error.code).toBe('session_ended');
    expect(await server.db.query('SELECT FROM users WHERE guest AND id = ANY($1)', [[removed.id, stays.id]])).toEqual(
      [],
    );
  });

  it('is deleted by the cleanup once their last session is over', async () => {
    const anna = await newUser(server);
    const room = await newRoom(anna);
    const [stranded, here] = [await newGuest(anna, room.id), await newGuest(anna, room.id)];
    await server.db.query(`UPDATE sessions SET expires_at = now() WHERE user_id = $1`, [stranded.id]);
    await server.app.get(GuestCleanup).deleteExpiredGuests();
    expect(await rolesIn(here, room.id)).toEqual({ [anna.id]: 'owner', [here.id]: 'guest' });
  });

  it.each(['', '   ', 'x'.repeat(33), 'line\nbreak', 'nul\0', '\u3164', '\u2800', 'Va\u202Enya'])(
    'needs a name that can be shown, not %j',
    async (name) => {
      const anna = await newUser(server);
      const code = await newCode(anna, (await newRoom(anna)).id, { role: 'guest' });
      expect((await rest(server.url).request('POST /invitations/:code/guest', { code, body: { name } })).status).toBe(
        400,
      );
    },
  );

  it('cannot have a name that looks like that of a member with an account, but any other', async () => {
    const [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
    const room = await newRoom(anna);
    const code = await newCode(anna, room.id, { role: 'guest', maxUses: 3 });
    const come = async (name: string): Promise<string | number> => {
      const { status, body } = await rest(server.url).request('POST /invitations/:code/guest', {
        code,
        body: { name },
      });
      return body.error?.code ?? status;
    };
    const wide = [...anna.username].map((letter) => (letter === 'a' ? 'ａ' : letter)).join('');
    for (const name of [anna.username, ` ${anna.username.toUpperCase()} `, wide]) {
      expect(await come(name)).toBe('name_taken');
    }
    expect(await come(`${anna.username}\uFE0F`)).toBe('invalid_input');
    // No use of the invitation was counted.
    expect(await come(boris.username)).toBe(201);
    expect([await come('Vanya'), await come('Vanya')]).toEqual([201, 201]);
    expect(Object.values(await rolesIn(anna, room.id)).sort()).toEqual(['guest', 'guest', 'guest', 'owner']);
  });

  it('with an account becomes a member by the same link', async () => {
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const room = await newRoom(anna);
    const code = await newCode(anna, room.id, { role: 'guest' });
    expect((await boris.rest.request('POST /invitations/:code/join', { code })).body.role).toBe('member');
    expect((await boris.rest.request('POST /invitations/:code/join', { code: randomUUID() })).status).toBe(404);
  });
});

type Guest = Awaited<ReturnType<typeof newGuest>>;
