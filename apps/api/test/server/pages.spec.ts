import { type PageQueryDto, toHttpRequest } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { contactsOf } from '../support/contacts';
import { newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let anna: TestUser;
let roomId: string;

/** A list that is loaded in pages. */
interface List {
  name: string;
  /** Its field name in the response. */
  field: string;
  path: () => string;
  /** The unique key of an entry. */
  id: string;
  /** Creates this many entries, two of which differ in order only by their ids. */
  fill: (count: number) => Promise<unknown>;
  /** Creates one more, which comes before all others. */
  add: () => Promise<unknown>;
  /** Deletes one. */
  drop: (id: string) => Promise<unknown>;
}

/** SQL of the times of the first to the last entry, all in the past; the first two are equal. */
const MOMENT = `now() - interval '1 day' - greatest(n, 2) * interval '1 microsecond'`;

/** Users whose names begin with `prefix`, the last of them in capitals. */
const people = (prefix: string): string => `
  people AS (INSERT INTO users (username, name_look, email, canonical_email, password_hash)
    SELECT name, gen_random_uuid(), gen_random_uuid() || '@example.org', gen_random_uuid(), 'none'
    FROM (SELECT n, '${prefix}-' || lpad(n::text, 4, '0') || left(gen_random_uuid()::text, 8) AS name
          FROM generate_series(1, $2::int) n) names RETURNING id)`;

const query = (sql: string, ...parameters: unknown[]): Promise<{ id: string }[]> => server.db.query(sql, parameters);

const LISTS: List[] = [
  {
    name: 'rooms',
    field: 'rooms',
    path: () => toHttpRequest('GET /rooms').url,
    id: 'id',
    fill: (count) =>
      query(
        `WITH made AS (INSERT INTO rooms (kind, name, visibility, active_at)
           SELECT 'group', 'room ' || n, 'private', ${MOMENT} FROM generate_series(1, $2::int) n RETURNING id)
         INSERT INTO members (room_id, user_id, role) SELECT id, $1, 'member' FROM made`,
        anna.id,
        count,
      ),
    add: () => newRoom(anna),
    drop: (id) => anna.rest.request('POST /rooms/:roomId/leave', { roomId: id }),
  },
  {
    name: 'members',
    field: 'members',
    path: () => toHttpRequest('GET /rooms/:roomId/members', { roomId }).url,
    id: 'userId',
    fill: (count) =>
      query(
        `WITH ${people('m')} INSERT INTO members (room_id, user_id, role) SELECT $1, id, 'member' FROM people`,
        roomId,
        count,
      ),
    add: () =>
      query(
        `WITH ${people('l')} INSERT INTO members (room_id, user_id, role) SELECT $1, id, 'moderator' FROM people`,
        roomId,
        1,
      ),
    drop: (id) => anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId, userId: id }),
  },
  {
    name: 'contacts',
    field: 'contacts',
    path: () => toHttpRequest('GET /contacts').url,
    id: 'userId',
    fill: (count) => befriendMany('c', count),
    add: () => befriendMany('a', 1),
    drop: (id) => anna.rest.request('DELETE /contacts/:userId', { userId: id }),
  },
  {
    name: 'sessions',
    field: 'sessions',
    path: () => toHttpRequest('GET /auth/sessions').url,
    id: 'id',
    fill: (count) =>
      query(
        `INSERT INTO sessions (user_id, device, last_used_at, expires_at)
         SELECT $1, 'device ' || n, ${MOMENT}, now() + interval '1 day' FROM generate_series(1, $2::int) n`,
        anna.id,
        count,
      ),
    add: () =>
      query(`INSERT INTO sessions (user_id, device, expires_at) VALUES ($1, 'new', now() + interval '1 day')`, anna.id),
    drop: (id) => anna.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: id }),
  },
  {
    name: 'invitations',
    field: 'invitations',
    path: () => toHttpRequest('GET /rooms/:roomId/invitations', { roomId }).url,
    id: 'id',
    fill: (count) =>
      query(
        `INSERT INTO invitations (room_id, code_hash, role, created_by, created_at)
         SELECT $1, gen_random_uuid()::text, 'member', $3, ${MOMENT} FROM generate_series(1, $2::int) n`,
        roomId,
        count,
        anna.id,
      ),
    add: () => anna.rest.request('POST /rooms/:roomId/invitations', { roomId, body: { role: 'member' } }),
    drop: (id) => anna.rest.request('DELETE /rooms/:roomId/invitations/:invitationId', { roomId, invitationId: id }),
  },
  {
    name: 'removals',
    field: 'removals',
    path: () => toHttpRequest('GET /rooms/:roomId/removals', { roomId }).url,
    id: 'userId',
    fill: (count) =>
      query(
        `WITH ${people('r')} INSERT INTO removals (room_id, user_id, removed_at)
         SELECT $1, id, ${MOMENT} FROM (SELECT id, row_number() OVER () AS n FROM people) numbered`,
        roomId,
        count,
      ),
    add: () =>
      query(`WITH ${people('q')} INSERT INTO removals (room_id, user_id) SELECT $1, id FROM people`, roomId, 1),
    drop: (id) => anna.rest.request('DELETE /rooms/:roomId/removals/:userId', { roomId, userId: id }),
  },
];

function befriendMany(prefix: string, count: number): Promise<unknown> {
  return query(
    `WITH ${people(prefix)} INSERT INTO contacts (first_id, second_id, status)
     SELECT least(id, $1), greatest(id, $1), 'contacts' FROM people`,
    anna.id,
    count,
  );
}

beforeEach(async () => {
  anna = await newUser(server, 'anna');
  roomId = (await newRoom(anna)).id;
});

describe.each(LISTS)('the list of $name', (list) => {
  const page = async (parameters: Record<string, string> = {}, user = anna) => {
    const { status, body } = await user.rest.send(
      'GET',
      `${list.path()}?${new URLSearchParams(parameters).toString()}`,
    );
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['next', list.field].sort());
    const ids: string[] = body[list.field].map((entry: Record<string, string>) => entry[list.id]);
    return { ids, next: body.next as string | null };
  };
  const pagesFrom = async (cursor: string | null, limit: string, user = anna): Promise<string[]> => {
    const read: string[] = [];
    for (let at = cursor; at !== null;) {
      const { ids, next } = await page({ cursor: at, limit }, user);
      read.push(...ids);
      at = next;
    }
    return read;
  };

  it('comes in pages without a gap or a repeat, of 50 by default', async () => {
    await list.fill(120);
    const whole = await page({ limit: '100' });
    expect(whole.ids).toHaveLength(100);
    const all = [...whole.ids, ...(await pagesFrom(whole.next, '100'))];
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(120);
    expect((await page()).ids).toEqual(all.slice(0, 50));
    const first = await page({ limit: '7' });
    expect([...first.ids, ...(await pagesFrom(first.next, '7'))]).toEqual(all);
    expect((await page({ limit: '1' })).ids).toEqual(all.slice(0, 1));
  });

  it('ends with the page that has its last entry', async () => {
    const before = (await page()).ids.length;
    await list.fill(4);
    expect((await page({ limit: String(before + 4) })).next).toBeNull();
    expect((await page({ limit: String(before + 3) })).next).toEqual(expect.any(String));
  });

  it('continues at the same place when entries are added and deleted between two pages', async () => {
    await list.fill(12);
    const { ids: all } = await page({ limit: '100' });
    const first = await page({ limit: '4' });
    const [seen, unseen] = [all[3] as string, all[7] as string];
    await list.add();
    await list.drop(seen);
    await list.drop(unseen);
    expect(await pagesFrom(first.next, '4')).toEqual(all.slice(4).filter((id) => id !== unseen));
  });

  it('refuses invalid cursors, and limits that are too large or not numbers', async () => {
    const id = randomUUID();
    const wrong = ['', 'x', ...[['x', 'y'], 7, ['9'.repeat(30), id], [null, id], ['1\0', id]].map(encoded)];
    const moments = list.name !== 'contacts' && list.name !== 'members';
    if (list.name !== 'contacts') wrong.push(encoded(['now', id]), encoded(['-1', id]), encoded(['', id]));
    for (const cursor of wrong) {
      // For keys that are names, any number of digits is valid.
      if (!moments && cursor === encoded(['9'.repeat(30), id])) continue;
      const { status, body } = await anna.rest.send(
        'GET',
        `${list.path()}?${new URLSearchParams({ cursor }).toString()}`,
      );
      expect([cursor, status, body.error?.code]).toEqual([cursor, 400, 'invalid_input']);
    }
    for (const limit of ['0', '101', 'x', '1.5', '']) {
      expect((await anna.rest.send('GET', `${list.path()}?limit=${limit}`)).body.error?.code).toBe('invalid_input');
    }
  });

  it('shows no more with the cursor of another user than without it', async () => {
    await list.fill(6);
    const { next } = await page({ limit: '2' });
    const boris = await newUser(server, 'boris');
    const { status, body } = await boris.rest.send('GET', `${list.path()}?cursor=${next}`);
    if (list.path().includes(roomId)) {
      expect([status, body.error.code]).toEqual([404, 'room_not_found']);
    } else {
      const own = (await page({}, boris)).ids;
      for (const { [list.id]: id } of body[list.field]) expect(own).toContain(id);
    }
  });
});

describe('rooms', () => {
  it('with activity during paging move to the front: no page repeats them', async () => {
    await LISTS[0]!.fill(5);
    const read = async (cursor: string | null = null) =>
      (await anna.rest.request('GET /rooms', { query: { limit: 3, cursor } })).body;
    const first = await read();
    const rest = await read(first.next);
    const [onFirstPage, onLaterPage] = [first.rooms[2]!.id, rest.rooms[0]!.id];
    await server.db.query('UPDATE rooms SET active_at = now() WHERE id = ANY ($1)', [[onFirstPage, onLaterPage]]);
    const ids = (page: { rooms: { id: string }[] }) => page.rooms.map(({ id }) => id);
    expect(ids(await read(first.next))).toEqual(ids(rest).filter((id) => id !== onLaterPage));
    expect(
      ids(await read())
        .slice(0, 2)
        .sort(),
    ).toEqual([onFirstPage, onLaterPage].sort());
  });
});

describe('members', () => {
  it('are ordered by role, then by name regardless of case, by code units', async () => {
    await server.db.query(
      `WITH named AS (INSERT INTO users (username, name_look, email, canonical_email, password_hash)
         SELECT name, gen_random_uuid(), gen_random_uuid() || '@example.org', gen_random_uuid(), 'none'
         FROM unnest($2::text[]) name RETURNING id, username)
       INSERT INTO members (room_id, user_id, role)
       SELECT $1, id, CASE WHEN username LIKE 'Mod%' THEN 'moderator' ELSE 'member' END FROM named`,
      [roomId, ['b_b', 'B-a', 'b.c', 'Mod-z', 'a-a', 'Zoe-1', 'yuri']],
    );
    const read: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: PageQueryDto = { limit: 2, cursor };
      const { body } = await anna.rest.request('GET /rooms/:roomId/members', { roomId, query });
      read.push(...body.members.map(({ name }) => name));
      cursor = body.next;
    }
    expect(read).toEqual([anna.username, 'Mod-z', 'a-a', 'B-a', 'b.c', 'b_b', 'yuri', 'Zoe-1']);
  });
});

describe('contacts', () => {
  it('fill their pages even when many rows have no visible relation any more', async () => {
    await befriendMany('c', 9);
    await server.db.query(`UPDATE contacts SET status = 'none' WHERE $1 IN (first_id, second_id)`, [anna.id]);
    await befriendMany('d', 3);
    const { body } = await anna.rest.request('GET /contacts', { query: { limit: 2 } });
    expect(body.contacts).toHaveLength(2);
    const { body: last } = await anna.rest.request('GET /contacts', { query: { limit: 2, cursor: body.next } });
    expect([last.contacts.length, last.next]).toEqual([1, null]);
    expect(Object.keys(await contactsOf(anna))).toHaveLength(3);
  });
});

function encoded(cursor: unknown): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}
