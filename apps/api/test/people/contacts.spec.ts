import type { PersonDto } from '@webcall/contracts';
import { befriend, contactsOf, directRoom } from '../support/contacts';
import { newGuest, newRoom, newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
const { connect } = server;
let anna: TestUser;
let boris: TestUser;

beforeEach(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
});

const relation = async (user: TestUser, other: TestUser) => (await contactsOf(user))[other.id]?.relation ?? 'none';
const both = async (): Promise<string[]> => [await relation(anna, boris), await relation(boris, anna)];
const request = (user: TestUser, other: TestUser) =>
  user.rest.request('POST /contacts', { body: { userId: other.id } });
const find = async (user: TestUser, name: string): Promise<PersonDto[]> =>
  (await user.rest.request('GET /users', { query: { name } })).body;

describe('finding users', () => {
  it('matches usernames by their beginning, regardless of case, and returns no more than the name', async () => {
    expect(await find(anna, boris.username.toUpperCase())).toEqual([
      { userId: boris.id, name: boris.username, relation: 'none' },
    ]);
    expect((await find(anna, boris.username.slice(0, -3))).map(({ userId }) => userId)).toEqual([boris.id]);
    expect(await find(anna, boris.email)).toEqual([]);
    expect(await find(anna, boris.username.slice(3))).toEqual([]);
  });

  it('returns ten at most, an exact match first', async () => {
    const exact = `zoe-${anna.username.slice(-6)}`;
    await server.db.query(
      `INSERT INTO users (username, name_look, email, canonical_email, password_hash)
       SELECT $1 || i, $1 || i, $1 || i || '@example.org', $1 || i, 'x' FROM generate_series(10, 21) i UNION ALL
       SELECT $1, $1, $1 || '@example.org', $1, 'x'`,
      [exact],
    );
    const found = await find(anna, exact);
    expect(found).toHaveLength(10);
    expect(found[0]?.name).toBe(exact);
  });

  it('takes wildcard characters literally', async () => {
    for (const name of ['bo%', 'bor_s', '___', 'bo\\', '%%%']) expect(await find(anna, name)).toEqual([]);
  });

  it('needs three characters', async () => {
    for (const query of ['', '?name=', '?name=bo', `?name=${'b'.repeat(33)}`]) {
      expect((await anna.rest.send('GET', `/api/v1/users${query}`)).body.error.code).toBe('invalid_input');
    }
  });

  it('omits guests and the searching user, but not users who block them', async () => {
    const guest = await newGuest(anna, (await newRoom(anna)).id, 'Vanya');
    expect((await find(anna, 'Vanya')).map(({ userId }) => userId)).not.toContain(guest.id);
    expect(await find(anna, anna.username)).toEqual([]);
    await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id });
    expect(await find(anna, boris.username)).toEqual([{ userId: boris.id, name: boris.username, relation: 'none' }]);
    expect(await find(boris, anna.username)).toEqual([{ userId: anna.id, name: anna.username, relation: 'blocked' }]);
  });

  it('has a limit of its own', async () => {
    const strict = await startApp({ env: { THROTTLE_SCALE: '0.05' } });
    const user = await newUser(strict);
    const answers = [];
    for (let i = 0; i < 4; i++)
      answers.push((await user.rest.request('GET /users', { query: { name: 'abc' } })).status);
    expect(answers).toEqual([200, 200, 200, 429]);
    expect((await user.rest.request('GET /contacts')).status).toBe(200);
    await strict.close();
  });
});

describe('two users', () => {
  it('become contacts by a request that is accepted, and all their devices are notified', async () => {
    const [a1, a2, b] = [await connect(anna), await connect(anna), await connect(boris)];
    const { status, body } = await request(anna, boris);
    expect([status, body]).toEqual([
      201,
      {
        userId: boris.id,
        name: boris.username,
        relation: 'requested',
        presence: null,
        lastSeenAt: null,
        ringtone: null,
        roomId: null,
        since: expect.any(String),
      },
    ]);
    for (const socket of [a1, a2]) {
      expect((await socket.event('contact:changed')).contact).toMatchObject({
        userId: boris.id,
        relation: 'requested',
      });
    }
    expect((await b.event('contact:changed')).contact).toMatchObject({ name: anna.username, relation: 'asked' });
    expect(await both()).toEqual(['requested', 'asked']);

    const accepted = await boris.rest.request('POST /contacts/:userId/accept', { userId: anna.id });
    expect(accepted.body).toMatchObject({ userId: anna.id, relation: 'contact', presence: 'online' });
    for (const socket of [a1, a2, b]) {
      const { contact } = await socket.event('contact:changed', (event) => event.contact.relation === 'contact');
      expect(contact.presence).toBe('online');
    }
    expect((await find(anna, boris.username))[0]?.relation).toBe('contact');
  });

  it('become contacts when they send requests to each other at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, two] = await Promise.all([newUser(server, 'one'), newUser(server, 'two')]);
      const [first, second] = [await connect(one), await connect(two)];
      const answers = await Promise.all([request(one, two), request(two, one)]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect([await relation(one, two), await relation(two, one)]).toEqual(['contact', 'contact']);
      for (const socket of [first, second]) {
        await socket.event('contact:changed', ({ contact }) => contact.relation === 'contact');
        // The last event is the right one, in whichever order the two were notified.
        await socket.until(() => socket.events('contact:changed').at(-1)?.contact.relation === 'contact');
      }
    }
  });

  it('have their concurrent actions applied one by one', async () => {
    const steps = Array.from({ length: 60 }, (_, i) => {
      const [who, other] = i % 2 ? [anna, boris] : [boris, anna];
      const to = { userId: other.id };
      return [
        () => request(who, other),
        () => who.rest.request('POST /contacts/:userId/accept', to),
        () => who.rest.request('POST /contacts/:userId/decline', to),
        () => who.rest.request('DELETE /contacts/:userId', to),
        () => who.rest.request('PUT /contacts/:userId/block', to),
        () => who.rest.request('DELETE /contacts/:userId/block', to),
      ][(i * 7) % 6]!();
    });
    for (const { status } of await Promise.all(steps)) expect([200, 201, 204, 404, 409]).toContain(status);
    const [row, ...more] = await server.db.query<{ status: string; blocked: boolean }>(
      `SELECT status, blocked_by_first OR blocked_by_second AS blocked FROM contacts
       WHERE $1 IN (first_id, second_id) AND $2 IN (first_id, second_id)`,
      [anna.id, boris.id],
    );
    expect(more).toEqual([]);
    expect(row?.blocked && row.status === 'contacts').toBe(false);
  });

  it('have each action applied to the result of the previous one, so that no acknowledged action is lost', async () => {
    const [a, b] = [{ userId: anna.id }, { userId: boris.id }];
    for (let round = 0; round < 20; round++) {
      await request(anna, boris);
      const [accepted, withdrawn] = await Promise.all([
        boris.rest.request('POST /contacts/:userId/accept', a),
        anna.rest.request('POST /contacts/:userId/withdraw', b),
      ]);
      expect([accepted.status, withdrawn.status].sort()).toEqual(accepted.status === 200 ? [200, 404] : [204, 404]);
      const [blocked] = await Promise.all([
        anna.rest.request('PUT /contacts/:userId/block', b),
        ...[1, 2, 3].map(() => request(boris, anna)),
        boris.rest.request('DELETE /contacts/:userId', a),
      ]);
      // A blocked user can still send a request, and does not learn of the block.
      expect([blocked.status, await both()]).toEqual([200, ['blocked', expect.stringMatching(/^(none|requested)$/)]]);
      await anna.rest.request('DELETE /contacts/:userId/block', b);
    }
  });

  it.each<[string, (to: Record<'a' | 'b', { userId: string }>) => Promise<unknown>, string[]]>([
    ['declined', ({ a }) => boris.rest.request('POST /contacts/:userId/decline', a), ['none', 'none']],
    ['withdrawn', ({ b }) => anna.rest.request('POST /contacts/:userId/withdraw', b), ['none', 'none']],
    ['asked again', () => request(anna, boris), ['requested', 'asked']],
    ['answered with a request', () => request(boris, anna), ['contact', 'contact']],
    [
      'answered with a block',
      ({ a }) => boris.rest.request('PUT /contacts/:userId/block', a),
      ['requested', 'blocked'],
    ],
  ])('a request is %s', async (_, step, outcome) => {
    await request(anna, boris);
    await step({ a: { userId: anna.id }, b: { userId: boris.id } });
    expect(await both()).toEqual(outcome);
  });

  it('are no longer contacts when one removes the other, and both are notified', async () => {
    await befriend(anna, boris);
    const [a, b] = [await connect(anna), await connect(boris)];
    expect((await anna.rest.request('DELETE /contacts/:userId', { userId: boris.id })).status).toBe(204);
    for (const socket of [a, b]) {
      const { contact } = await socket.event('contact:changed', (event) => event.contact.relation === 'none');
      expect(contact).toMatchObject({ presence: null, lastSeenAt: null });
    }
    expect(await both()).toEqual(['none', 'none']);
    expect((await anna.rest.request('DELETE /contacts/:userId', { userId: boris.id })).body.error.code).toBe(
      'contact_not_found',
    );
  });

  it('have no relation when one blocks the other, who does not learn of it', async () => {
    const [a, b] = [await connect(anna), await connect(boris)];
    await anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    expect(await both()).toEqual(['blocked', 'none']);
    expect((await request(boris, anna)).body).toMatchObject({ relation: 'requested' });
    expect(await both()).toEqual(['blocked', 'requested']);
    expect((await request(anna, boris)).body.error.code).toBe('user_blocked');
    expect((await anna.rest.request('POST /contacts/:userId/accept', { userId: boris.id })).body.error.code).toBe(
      'request_not_found',
    );
    // A request from the time of the block is visible once the block is removed.
    await anna.rest.request('DELETE /contacts/:userId/block', { userId: boris.id });
    expect(await both()).toEqual(['asked', 'requested']);
    await anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id });
    expect(a.events('contact:changed').map(({ contact }) => contact.relation)).toEqual(['blocked', 'asked', 'blocked']);
    // Both block: each can remove only their own block.
    await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id });
    expect(await both()).toEqual(['blocked', 'blocked']);
    expect((await anna.rest.request('DELETE /contacts/:userId/block', { userId: boris.id })).status).toBe(204);
    expect(await both()).toEqual(['none', 'blocked']);
    await boris.rest.request('DELETE /contacts/:userId/block', { userId: anna.id });
    expect((await request(boris, anna)).status).toBe(201);
    expect(b.events('contact:changed').map(({ contact }) => contact.relation)).toEqual([
      'requested',
      'blocked',
      'none',
      'requested',
    ]);
  });

  it('are two different users, and no guests', async () => {
    const guest = await newGuest(anna, (await newRoom(anna)).id);
    for (const userId of [guest.id, anna.id, 'nobody']) {
      const { body } = await anna.rest.request('PUT /contacts/:userId/block', { userId });
      expect(body.error.code).toBe('user_not_found');
    }
    expect((await request(anna, guest)).body.error.code).toBe('user_not_found');
    expect((await request(anna, anna)).body.error.code).toBe('user_not_found');
    expect((await guest.rest.request('GET /contacts')).body).toEqual({ contacts: [], next: null });
    expect((await request(guest, anna)).body.error.code).toBe('forbidden');
    expect((await guest.rest.request('PUT /contacts/:userId/block', { userId: anna.id })).body.error.code).toBe(
      'forbidden',
    );
  });

  it('cannot be stored in a state that the rules do not know', async () => {
    await befriend(anna, boris);
    const ids = [anna.id, boris.id].sort();
    const change = (set: string) =>
      server.db.query(`UPDATE contacts SET ${set} WHERE first_id = $1 AND second_id = $2`, ids);
    await expect(change('blocked_by_first = true')).rejects.toMatchObject({ constraint: 'contacts_block_ends_it' });
    await expect(change("status = 'friends'")).rejects.toThrow('contacts_status_check');
    const insert = (one?: string, other?: string) =>
      server.db.query('INSERT INTO contacts (first_id, second_id) VALUES ($1, $2)', [one, other]);
    await expect(insert(ids[1], ids[0])).rejects.toThrow('contacts_check');
    await expect(insert(ids[0], ids[1])).rejects.toThrow('contacts_pkey');
  });
});

describe('the ringtone of a contact', () => {
  it('is private to the user, and the same on all devices', async () => {
    await befriend(anna, boris);
    const [a, b] = [await connect(anna), await connect(boris)];
    const { body } = await anna.rest.request('PATCH /contacts/:userId', {
      userId: boris.id,
      body: { ringtone: 'marimba' },
    });
    expect(body).toMatchObject({ userId: boris.id, ringtone: 'marimba' });
    expect((await a.event('contact:changed')).contact.ringtone).toBe('marimba');
    expect((await contactsOf(boris))[anna.id]?.ringtone).toBeNull();
    await anna.rest.request('PATCH /contacts/:userId', { userId: boris.id, body: { ringtone: null } });
    expect((await contactsOf(anna))[boris.id]?.ringtone).toBeNull();
    expect(b.events('contact:changed')).toEqual([]);
  });

  it('must exist, and needs a contact', async () => {
    expect(
      (await anna.rest.request('PATCH /contacts/:userId', { userId: boris.id, body: { ringtone: 'bell' } })).body.error
        .code,
    ).toBe('contact_not_found');
    await befriend(anna, boris);
    const { body } = await anna.rest.send('PATCH', `/api/v1/contacts/${boris.id}`, { ringtone: 'siren' });
    expect(body.error.code).toBe('invalid_input');
  });
});

describe('a new username', () => {
  it('is announced to users with a visible relation or a shared room, and to nobody else', async () => {
    const [clara, dora, stranger] = await Promise.all(['clara', 'dora', 'eva'].map((name) => newUser(server, name)));
    if (!clara || !dora || !stranger) throw new Error('there are three');
    await befriend(anna, boris);
    await request(anna, clara);
    await dora.rest.request('PUT /contacts/:userId/block', { userId: anna.id });
    await anna.rest.request('PUT /contacts/:userId/block', { userId: stranger.id });
    const { id: roomId } = await directRoom(anna, boris);
    const [a, b, c, d, s] = await Promise.all([anna, boris, clara, dora, stranger].map((user) => connect(user)));
    const name = `${anna.username}.k`;
    await anna.rest.request('PATCH /auth/me', { body: { username: name, currentPassword: anna.password } });
    for (const [socket, seen] of [
      [b, 'contact'],
      [c, 'asked'],
      [d, 'blocked'],
    ] as const) {
      const { contact } = await socket!.event('contact:changed');
      expect(contact).toMatchObject({ userId: anna.id, name, relation: seen });
    }
    for (const socket of [a, b]) {
      const { change, ...room } = await socket!.event('room:changed');
      expect(room).toEqual({ roomId });
      expect(change).toMatchObject({ type: 'member_changed', member: { userId: anna.id, name, role: 'member' } });
    }
    const email = `${name}@example.org`;
    await anna.rest.request('PATCH /auth/me', { body: { username: name, email, currentPassword: anna.password } });
    expect([...a!.events('contact:changed'), ...s!.told]).toEqual([]);
    expect([b!.events('contact:changed'), b!.events('room:changed')].map(({ length }) => length)).toEqual([1, 1]);
  });
});

describe('deleting an account', () => {
  it('ends all relations of its user, and the other users are notified', async () => {
    const clara = await newUser(server, 'clara');
    await befriend(anna, boris);
    await request(anna, clara);
    const stranger = await newUser(server);
    await anna.rest.request('PUT /contacts/:userId/block', { userId: stranger.id });
    const [b, c, s] = [await connect(boris), await connect(clara), await connect(stranger)];
    await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } });
    for (const socket of [b, c]) {
      const { contact } = await socket.event('contact:changed');
      expect(contact).toMatchObject({ userId: anna.id, relation: 'none' });
    }
    expect([await contactsOf(boris), await contactsOf(clara)]).toEqual([{}, {}]);
    expect((await find(boris, anna.username)).length).toBe(0);
    expect(s.events('contact:changed')).toEqual([]);
  });
});

describe('preferences', () => {
  it('are the same on all devices, and share nothing by default', async () => {
    const a = await connect(anna);
    const usual = { doNotDisturb: false, shareLastSeen: false, ringtone: 'chime', writers: 'members' };
    expect((await anna.rest.request('GET /preferences')).body).toEqual(usual);
    const { body } = await anna.rest.request('PATCH /preferences', { body: { doNotDisturb: true, ringtone: 'waves' } });
    const changed = { ...usual, doNotDisturb: true, ringtone: 'waves' };
    expect(body).toEqual(changed);
    expect(await a.event('preferences:changed')).toEqual({ preferences: changed });
    for (const wrong of [{}, { doNotDisturb: 'yes' }, { ringtone: 'siren' }, { doNotDisturb: null }]) {
      expect((await anna.rest.send('PATCH', '/api/v1/preferences', wrong)).body.error.code).toBe('invalid_input');
    }
    expect((await boris.rest.request('GET /preferences')).body).toEqual(usual);
  });
});
