import type { ErrorCode } from '@webcall/contracts';
import type { TestDatabase } from '../support/database';
import { rest, type RestClient } from '../support/rest';
import { newGuest, newRoom, newUser, type TestApp, type TestUser } from '../support/test-app';

/** The actors of the table. `stranger` has an account and is not in the room. */
export const ACTORS = ['anonymous', 'guest', 'stranger', 'member', 'moderator', 'owner'] as const;

export type Actor = (typeof ACTORS)[number];

/** Success, or the code of the refusal. */
type Outcome = 'ok' | ErrorCode;

/** One outcome for each actor, in the order of `ACTORS`. */
export type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome];

/** A private room with one member of each role, and one more member as the target of actions. */
export interface World {
  readonly roomId: string;
  readonly victim: TestUser;
  readonly users: Record<Exclude<Actor, 'anonymous'>, TestUser>;
  readonly db: TestDatabase;
  clientOf(actor: Actor): RestClient;
}

/** The people of a world; each of them acts once, so one world serves all cells of a row. */
export type People = Record<'stranger' | 'member' | 'moderator' | 'owner' | 'victim', TestUser>;

export async function newPeople(server: Pick<TestApp, 'url'>): Promise<People> {
  const names = ['stranger', 'member', 'moderator', 'owner', 'victim'] as const;
  const users = await Promise.all(names.map(async (name) => [name, await newUser(server, `the-${name}`)] as const));
  return Object.fromEntries(users) as People;
}

export async function newWorld(
  server: Pick<TestApp, 'url' | 'db'>,
  { stranger, victim, ...inRoom }: People,
): Promise<World> {
  const { member, moderator, owner } = inRoom;
  const { id: roomId } = await newRoom(owner);
  // A user who deleted the account in an earlier cell is missing from here on.
  await server.db.query(
    `INSERT INTO members (room_id, user_id, role)
     SELECT $1, id, CASE id WHEN $2 THEN 'moderator' ELSE 'member' END FROM users WHERE id IN ($2, $3, $4)`,
    [roomId, moderator.id, member.id, victim.id],
  );
  const users = { ...inRoom, stranger, guest: await newGuest(owner, roomId) };
  return {
    roomId,
    victim,
    users,
    db: server.db,
    clientOf: (actor) => (actor === 'anonymous' ? rest(server.url) : users[actor].rest),
  };
}
