import { DataSource } from 'typeorm';
import { befriend, directRoom } from '../support/contacts';
import { migrationNamed } from '../support/database';
import { bringIn, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

/** What each room says about its members, beside the number of its members. */
const countsOf = (roomIds: string[]): Promise<{ stored: number; counted: number; changes: number }[]> =>
  server.db.query(
    `SELECT member_count AS stored, (SELECT count(*)::int FROM members m WHERE m.room_id = r.id) AS counted,
       member_changes AS changes
     FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place) JOIN rooms r USING (id) ORDER BY place`,
    [roomIds],
  );
const join = (user: TestUser, roomId: string) => user.rest.request('POST /rooms/:roomId/join', { roomId });
const leave = (user: TestUser, roomId: string) => user.rest.request('POST /rooms/:roomId/leave', { roomId });

it('each room knows how many members it has, however they come and go', async () => {
  const [anna, boris, clara] = [await newUser(server), await newUser(server), await newUser(server)];
  const [open, closed] = [await newRoom(anna, 'public'), await newRoom(anna)];
  await befriend(anna, boris);
  const direct = await directRoom(anna, boris);
  const crowd = await Promise.all(Array.from({ length: 8 }, () => newUser(server)));
  await Promise.all([...crowd, boris, clara].map((user) => join(user, open.id)));
  await bringIn(anna, closed.id, clara);
  const guest = await newGuest(anna, closed.id);
  expect(await countsOf([open.id, closed.id, direct.id])).toEqual([
    { stored: 11, counted: 11, changes: 11 },
    { stored: 3, counted: 3, changes: 3 },
    { stored: 2, counted: 2, changes: 1 },
  ]);
  await join(boris, open.id);
  await Promise.all([
    ...crowd.slice(0, 4).map((user) => leave(user, open.id)),
    ...crowd
      .slice(4, 6)
      .map(({ id }) => anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: open.id, userId: id })),
    ...[boris, clara].map(({ rest, password }) => rest.request('DELETE /auth/me', { body: { password } })),
    leave(guest, closed.id),
  ]);
  expect(await countsOf([open.id, closed.id, direct.id])).toEqual([
    { stored: 3, counted: 3, changes: 19 },
    { stored: 1, counted: 1, changes: 5 },
    { stored: 1, counted: 1, changes: 2 },
  ]);
  await anna.rest.request('DELETE /rooms/:roomId', { roomId: open.id });
  expect(await countsOf([open.id])).toEqual([]);
});

it('rooms from before the migration get their count by it', async () => {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const { id } = await newRoom(anna, 'public');
  const db = server.app.get(DataSource);
  const runner = db.createQueryRunner();
  try {
    await migrationNamed('MemberCounts1763930000000').down(runner);
    await server.db.query(`INSERT INTO members (room_id, user_id, role) VALUES ($1, $2, 'member')`, [id, boris.id]);
    await migrationNamed('MemberCounts1763930000000').up(runner);
  } finally {
    await runner.release();
  }
  expect(await countsOf([id])).toEqual([{ stored: 2, counted: 2, changes: 0 }]);
  await leave(boris, id);
  expect(await countsOf([id])).toEqual([{ stored: 1, counted: 1, changes: 1 }]);
});
