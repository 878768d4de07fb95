import type { ChangeRoleDto } from '@webcall/contracts';
import { DataSource } from 'typeorm';
import { createDataSourceOptions } from '../../src/platform/database/data-source-options';
import { befriend, directRoom } from '../support/contacts';
import { migrationNamed } from '../support/database';
import { HeldRow } from '../support/faults/held-row';
import { rest, type RestResponse } from '../support/rest';
import { bringIn, newCode, newGuest, newRoom, newUser, rolesIn, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let anna: TestUser;
let boris: TestUser;
let clara: TestUser;
let roomId: string;

/** Anna owns the room, Boris moderates it, and Clara is outside. */
beforeEach(async () => {
  [anna, boris, clara] = await Promise.all([
    newUser(server, 'anna'),
    newUser(server, 'boris'),
    newUser(server, 'clara'),
  ]);
  roomId = (await newRoom(anna)).id;
  await bringIn(anna, roomId, boris, 'moderator');
});

const outcome = ({ status, body }: RestResponse): string | number => body?.error?.code ?? status;
const join = (user: TestUser, code: string) => user.rest.request('POST /invitations/:code/join', { code });
const remove = (by: TestUser, user: TestUser) =>
  by.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: user.id });
const give = (by: TestUser, user: TestUser, role: ChangeRoleDto['role']) =>
  by.rest.request('PATCH /rooms/:roomId/members/:userId', { roomId, userId: user.id, body: { role } });
const openLinks = async () =>
  (await anna.rest.request('GET /rooms/:roomId/invitations', { roomId })).body.invitations.map(
    ({ createdBy }) => createdBy,
  );

/** Sends concurrent requests about the room that take effect in the given order. */
const inOrder = async <T extends (() => Promise<RestResponse>)[]>(...requests: T) =>
  (await HeldRow.hold(server.db, 'rooms', roomId)).release('COMMIT', ...requests);

/** The outcomes of previewing a link, joining by it, and joining by it as a guest. */
const answersTo = async (code: string): Promise<unknown[]> => {
  const stranger = rest(server.url);
  const answers = [
    stranger.request('GET /invitations/:code', { code }),
    join(clara, code),
    stranger.request('POST /invitations/:code/guest', { code, body: { name: 'Vanya' } }),
  ];
  return (await Promise.all(answers)).map(outcome);
};
const ENDED = Array(3).fill('invitation_revoked');

describe('an invitation ends', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['is removed', () => remove(anna, boris)],
    ['leaves', () => boris.rest.request('POST /rooms/:roomId/leave', { roomId })],
    ['deletes the account', () => boris.rest.request('DELETE /auth/me', { body: { password: boris.password } })],
    ['becomes a member', () => give(anna, boris, 'member')],
  ])('when its maker %s', async (_, go) => {
    const codes = [await newCode(boris, roomId), await newCode(boris, roomId, { role: 'guest' })];
    const annas = await newCode(anna, roomId);
    await go();
    for (const code of codes) expect(await answersTo(code)).toEqual(ENDED);
    // Other members' invitations still work.
    expect(new Set(await openLinks())).toEqual(new Set([anna.username]));
    expect(outcome(await join(clara, annas))).toBe(200);
  });

  it('for good, even when its maker is promoted again or let back', async () => {
    const code = await newCode(boris, roomId);
    await give(anna, boris, 'member');
    await give(anna, boris, 'moderator');
    expect(await answersTo(code)).toEqual(ENDED);
    const another = await newCode(boris, roomId);
    await remove(anna, boris);
    await anna.rest.request('DELETE /rooms/:roomId/removals/:userId', { roomId, userId: boris.id });
    await bringIn(anna, roomId, boris, 'moderator');
    expect(await answersTo(another)).toEqual(ENDED);
  });

  it('when it makes moderators and its maker has handed the room over; another of theirs goes on', async () => {
    const [strong, weak] = [await newCode(anna, roomId, { role: 'moderator' }), await newCode(anna, roomId)];
    await give(anna, boris, 'owner');
    expect(await answersTo(strong)).toEqual(ENDED);
    expect(outcome(await join(clara, weak))).toBe(200);
    expect((await rolesIn(boris, roomId))[clara.id]).toBe('member');
  });

  it('when its maker owned the room and left; those of the new owner still work', async () => {
    const [annas, heirs] = [await newCode(anna, roomId, { role: 'moderator' }), await newCode(boris, roomId)];
    await anna.rest.request('POST /rooms/:roomId/leave', { roomId });
    expect(await answersTo(annas)).toEqual(ENDED);
    expect(outcome(await join(clara, heirs))).toBe(200);
  });

  it('with uses left, and members who joined by it stay', async () => {
    const code = await newCode(boris, roomId, { maxUses: 5 });
    await join(clara, code);
    await remove(anna, boris);
    expect(outcome(await join(await newUser(server), code))).toBe('invitation_revoked');
    expect(await rolesIn(anna, roomId)).toEqual({ [anna.id]: 'owner', [clara.id]: 'member' });
  });

  it('even if it was never revoked: its maker’s rights are checked at each use', async () => {
    const code = await newCode(boris, roomId, { role: 'guest' });
    await server.db.query(`UPDATE members SET role = 'member' WHERE room_id = $1 AND user_id = $2`, [roomId, boris.id]);
    expect(await answersTo(code)).toEqual(ENDED);
    expect(await openLinks()).not.toContain(boris.username);
  });
});

describe('a plain member', () => {
  let dan: TestUser;
  const show = (visibility: 'public' | 'private') =>
    anna.rest.request('PATCH /rooms/:roomId', { roomId, body: { visibility } });
  const invite = async (user: TestUser, role: 'guest' | 'member' | 'moderator' = 'member') =>
    outcome(await user.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role } }));

  beforeEach(async () => {
    dan = await newUser(server, 'dan');
    await bringIn(anna, roomId, dan);
    await show('public');
  });

  it('invites people with an account to a public room, and sees and withdraws only own links', async () => {
    const [own, annas] = [await newCode(dan, roomId), await newCode(anna, roomId)];
    expect([await invite(dan, 'guest'), await invite(dan, 'moderator')]).toEqual(['forbidden', 'forbidden']);
    const { invitations } = (await dan.rest.request('GET /rooms/:roomId/invitations', { roomId })).body;
    expect(invitations.map(({ code }) => code)).toEqual([own]);
    expect(await openLinks()).toEqual(expect.arrayContaining([anna.username, dan.username]));
    expect(outcome(await join(clara, own))).toBe(200);
    const withdraw = (invitationId: string) =>
      dan.rest.request('DELETE /rooms/:roomId/invitations/:invitationId', { roomId, invitationId });
    const all = (await anna.rest.request('GET /rooms/:roomId/invitations', { roomId })).body.invitations;
    expect(outcome(await withdraw(all.find(({ code }) => code === annas)!.id))).toBe('invitation_not_found');
    expect(outcome(await withdraw(invitations[0]!.id))).toBe(204);
    expect(await answersTo(own)).toEqual(ENDED);
  });

  it('invites nobody to a private room, and what is left of earlier links stays ended', async () => {
    const code = await newCode(dan, roomId);
    await show('private');
    expect(await answersTo(code)).toEqual(ENDED);
    expect(await invite(dan)).toBe('forbidden');
    await show('public');
    expect(await answersTo(code)).toEqual(ENDED);
  });

  it('leaves no link behind in a room that becomes private at the same moment', async () => {
    const [hidden, made] = await inOrder(
      () => show('private'),
      () => dan.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role: 'member' } }),
    );
    expect([hidden, made].map(outcome)).toEqual([200, 'forbidden']);
    await show('public');
    const [another, hiddenAgain] = await inOrder(
      () => dan.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role: 'member' } }),
      () => show('private'),
    );
    expect([another, hiddenAgain].map(outcome)).toEqual([201, 200]);
    expect(await openLinks()).not.toContain(dan.username);
  });

  it('uses up only an own share of the links', async () => {
    await Promise.all(Array.from({ length: 50 }, () => newCode(dan, roomId)));
    expect(await invite(dan)).toBe('quota_reached');
    expect(await invite(anna)).toBe(201);
    expect(await invite(boris)).toBe(201);
  });
});

describe('a former owner who was removed', () => {
  it('cannot come back by any link, and once let back is an ordinary member', async () => {
    const own = await newCode(anna, roomId, { role: 'moderator' });
    await give(anna, boris, 'owner');
    await remove(boris, anna);
    const others = await newCode(boris, roomId);
    for (const code of [own, others]) expect(outcome(await join(anna, code))).not.toBe(200);
    expect(outcome(await join(anna, others))).toBe('removed_from_room');
    await boris.rest.request('DELETE /rooms/:roomId/removals/:userId', { roomId, userId: anna.id });
    expect(outcome(await join(anna, own))).toBe('invitation_revoked');
    expect((await join(anna, others)).body).toMatchObject({ role: 'member' });
    // The links that they gave to others do not work either.
    expect(await answersTo(own)).toEqual(ENDED);
  });
});

describe('at the moment when its maker is removed', () => {
  it('an invitation lets in a user who came before the removal', async () => {
    const code = await newCode(boris, roomId, { role: 'guest' });
    const [joined, removed] = await inOrder(
      () => join(clara, code),
      () => remove(anna, boris),
    );
    expect([joined, removed].map(outcome)).toEqual([200, 204]);
    expect(await rolesIn(anna, roomId)).toEqual({ [anna.id]: 'owner', [clara.id]: 'member' });
  });

  it('an invitation lets in nobody after the removal, and leaves no guest behind', async () => {
    const code = await newCode(boris, roomId, { role: 'guest' });
    const [removed, joined, guest] = await inOrder(
      () => remove(anna, boris),
      () => join(clara, code),
      () => rest(server.url).request('POST /invitations/:code/guest', { code, body: { name: 'Vanya' } }),
    );
    expect([removed, joined, guest].map(outcome)).toEqual([204, 'invitation_revoked', 'invitation_revoked']);
    expect(await rolesIn(anna, roomId)).toEqual({ [anna.id]: 'owner' });
    expect(await server.db.query(`SELECT FROM users WHERE guest AND username = 'Vanya'`)).toEqual([]);
  });

  it('none is created after the removal, and one created before it ends', async () => {
    const invite = () => boris.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role: 'member' } });
    const [made, removed, late] = await inOrder(invite, () => remove(anna, boris), invite);
    expect([made, removed, late].map(outcome)).toEqual([201, 204, 'room_not_found']);
    expect(await answersTo(made.body.code!)).toEqual(ENDED);
    expect(await server.db.query('SELECT FROM invitations WHERE created_by = $1', [boris.id])).toHaveLength(1);
  });
});

describe('at the moment when its maker loses the role', () => {
  it.each([
    ['an invitation lets in a user who came before the change', true],
    ['an invitation lets in nobody after the change', false],
  ])('%s', async (_, first) => {
    const code = await newCode(boris, roomId);
    const [steps, expected] = [
      [() => join(clara, code), () => give(anna, boris, 'member')],
      [200, 200],
    ];
    const answers = await inOrder(...(first ? steps : steps.reverse()));
    expect(answers.map(outcome)).toEqual(first ? expected : [200, 'invitation_revoked']);
    expect(clara.id in (await rolesIn(anna, roomId))).toBe(first);
  });

  it('an owner who hands the room over can invite no more moderators', async () => {
    const code = await newCode(anna, roomId, { role: 'moderator' });
    const answers = await inOrder(
      () => give(anna, boris, 'owner'),
      () => join(clara, code),
      () => anna.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role: 'moderator' } }),
    );
    expect(answers.map(outcome)).toEqual([200, 'invitation_revoked', 'forbidden']);
  });
});

it('is created neither by guests nor in direct rooms', async () => {
  const guest = await newGuest(anna, roomId);
  expect(
    outcome(await guest.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role: 'guest' } })),
  ).toBe('forbidden');
  await befriend(anna, clara);
  const direct = await directRoom(anna, clara);
  expect(
    outcome(
      await anna.rest.request('POST /rooms/:roomId/invitations', { roomId: direct.id, body: { role: 'member' } }),
    ),
  ).toBe('forbidden');
});

it('is ended by the migration when its maker had already lost the right to grant its role', async () => {
  const kept = [await newCode(anna, roomId, { role: 'moderator' }), await newCode(boris, roomId)];
  const ended = [await newCode(anna, roomId), await newCode(anna, roomId), await newCode(anna, roomId)];
  const ids = await server.db.query<{ id: string }>(
    'SELECT id FROM invitations WHERE room_id = $1 ORDER BY created_at DESC LIMIT 3',
    [roomId],
  );
  const makers = [
    [clara.id, 'member'],
    [null, 'member'],
    [boris.id, 'moderator'],
  ] as const;
  for (const [i, [maker, role]] of makers.entries()) {
    const change = [ids[2 - i]?.id, maker, role];
    await server.db.query('UPDATE invitations SET created_by = $2, role = $3 WHERE id = $1', change);
  }
  const db = await new DataSource({ ...createDataSourceOptions(server.db.url), poolSize: 1 } as never).initialize();
  await migrationNamed('InvitationsOfMakers1763880000000').up(db.createQueryRunner());
  await db.destroy();
  const revoked = await server.db.query<{ id: string }>(
    'SELECT id FROM invitations WHERE room_id = $1 AND revoked_at IS NOT NULL',
    [roomId],
  );
  expect(revoked.map(({ id }) => id).sort()).toEqual(ids.map(({ id }) => id).sort());
  for (const code of ended) expect(await answersTo(code)).toEqual(ENDED);
  for (const code of kept)
    expect(outcome(await rest(server.url).request('GET /invitations/:code', { code }))).toBe(200);
});
