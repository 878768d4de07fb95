import { REST_BASE_PATH, SOCKET_COMMANDS } from '@webcall/contracts';
import { TestSocket } from '../support/sockets';
import { newGuest, newRoom, newUser } from '../support/test-app';
import { useServer } from '../support/use-server';
import { MODERATION_ROWS } from './moderation-rows';
import { REST_ROWS } from './rest-rows';
import { RING_ROWS } from './ring-rows';
import { SOCKET_ROWS } from './socket-rows';
import { ACTORS, newPeople, newWorld, type People } from './world';

/** The authorization table: every endpoint and command × every kind of user. */
const COMMAND_ROWS = [...SOCKET_ROWS, ...RING_ROWS, ...MODERATION_ROWS];
const server = useServer();

interface RouterLayer {
  route?: { path: string; methods: Record<string, boolean> };
}

describe.each(REST_ROWS.map((row) => [row.route, row] as const))('%s', (_, { call, outcomes }) => {
  let people: People;
  beforeAll(async () => {
    people = await newPeople(server);
  });

  it.each(ACTORS.map((actor, i) => [actor, outcomes[i]!] as const))('%s: %s', async (actor, outcome) => {
    const world = await newWorld(server, people);
    const { status, body } = await call(world.clientOf(actor), world, actor);
    expect(status < 300 ? 'ok' : (body.error.code as string)).toBe(outcome);
  });
});

describe.each(COMMAND_ROWS.map((row) => [row.command, row.of ?? '', row] as const))(
  '%s %s',
  (_, _of, { call, outcomes }) => {
    let people: People;
    beforeAll(async () => {
      people = await newPeople(server);
    });

    it.each(ACTORS.map((actor, i) => [actor, outcomes[i]!] as const))('%s: %s', async (actor, outcome) => {
      if (actor === 'anonymous') {
        await expect(TestSocket.connect(server.url, undefined)).rejects.toMatchObject({ data: { code: outcome } });
        return;
      }
      const world = await newWorld(server, people);
      const user = world.users[actor];
      const socket = await TestSocket.connect(server.url, user.rest.token);
      const ack = await call({ socket, user }, world);
      socket.close();
      expect(ack.ok ? 'ok' : ack.error.code).toBe(outcome);
    });
  },
);

it('has a row for every command', () => {
  expect(new Set(COMMAND_ROWS.map(({ command }) => command))).toEqual(new Set(SOCKET_COMMANDS));
});

it('has a row for every REST endpoint', () => {
  const { stack } = server.app.getHttpAdapter().getInstance().router as { stack: RouterLayer[] };
  const routes = stack.flatMap(({ route }) =>
    // A route with all methods is middleware in front of the endpoints.
    route && Object.keys(route.methods).length === 1
      ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path.replace(REST_BASE_PATH, '')}`)
      : [],
  );
  expect(routes).toContain('GET /rooms/:roomId');
  expect(new Set(REST_ROWS.map((row) => row.route))).toEqual(new Set(routes));
});

describe('a user who is not in a public room', () => {
  it.each(REST_ROWS.filter(({ route }) => / \/rooms\/:roomId(?!\/join)/.test(route)).map((row) => [row.route, row]))(
    '%s: forbidden, with the room in the details',
    async (_, row) => {
      const { call } = row;
      const world = await newWorld(server, await newPeople(server));
      await world.users.owner.rest.request('PATCH /rooms/:roomId', {
        roomId: world.roomId,
        body: { visibility: 'public' },
      });
      const { status, body } = await call(world.users.stranger.rest, world, 'stranger');
      expect([status, body.error.code]).toEqual([403, 'forbidden']);
      expect(body.error.details?.['room']).toMatchObject({ id: world.roomId, joined: false });
    },
  );
});

it('gives a guest of another room no more rights than a stranger', async () => {
  const world = await newWorld(server, await newPeople(server));
  const host = await newUser(server);
  const guest = await newGuest(host, (await newRoom(host)).id);
  for (const part of ['', '/members', '/messages', '/invitations'] as const) {
    const { body } = await guest.rest.request(`GET /rooms/:roomId${part}`, { roomId: world.roomId });
    expect(body.error.code).toBe('room_not_found');
  }
});
