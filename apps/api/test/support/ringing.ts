import type { CallDto, MessageDto, RingDto } from '@webcall/contracts';
import type { MessageContent, RingStatus } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { describeWithRedis, startRedis, type TestRedis } from './redis';
import { TestSocket } from './sockets';
import { bringIn, newRoom, newUser, startApp, type TestApp, type TestUser } from './test-app';

/** Two servers on one Redis, or the same in-memory server twice. */
interface Servers {
  near: TestApp;
  far: TestApp;
}

/** The starting state of every test. */
type Scene = Awaited<ReturnType<typeof Ringing.begin>>;

type Tests = (it: (name: string, test: (scene: Scene) => Promise<void>) => void) => void;

/** Declares the same tests for one server and for two, each with its own scene. */
export function describeRings(name: string, tests: Tests): void {
  const declare = (servers: () => Servers): void =>
    tests((does, test) => {
      it(does, async () => {
        const scene = await Ringing.begin(servers());
        try {
          await test(scene);
        } finally {
          scene.close();
        }
      });
    });

  describe(`${name}, in memory`, () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp();
    });
    afterAll(() => app.close());
    declare(() => ({ near: app, far: app }));
  });

  describeWithRedis(`${name}, at two servers on one Redis`, () => {
    let redis: TestRedis;
    let near: TestApp;
    let far: TestApp;
    beforeAll(async () => {
      redis = await startRedis();
      near = await startApp({ redis: redis.url });
      far = await startApp({ redis: redis.url, database: near.db });
    });
    afterAll(async () => {
      await far.close();
      await near.close();
      await redis.stop();
    });
    declare(() => ({ near, far }));
  });
}

type Content<T extends MessageContent['type']> = Extract<MessageContent, { type: T }>;

/** A room whose owner Anna is in its call, at the near server; Boris and Clara are at the far one. */
class Ringing {
  /** Id of the ring under test. */
  readonly id = randomUUID();
  private readonly sockets: TestSocket[] = [];

  private constructor(
    readonly servers: Servers,
    readonly roomId: string,
    readonly anna: TestUser,
    readonly boris: TestUser,
    readonly clara: TestUser,
  ) {}

  static async begin(servers: Servers): Promise<Ringing & { a: TestSocket; b: TestSocket; c: TestSocket }> {
    const { near, far } = servers;
    const [anna, boris, clara] = (await Promise.all(['anna', 'boris', 'clara'].map((n) => newUser(near, n)))) as [
      TestUser,
      TestUser,
      TestUser,
    ];
    const { id: roomId } = await newRoom(anna);
    await bringIn(anna, roomId, boris);
    await bringIn(anna, roomId, clara);
    const ringing = new Ringing(servers, roomId, anna, boris, clara);
    const a = await ringing.connect(anna, near);
    const [b, c] = await Promise.all([ringing.connect(boris, far), ringing.connect(clara, far)]);
    await a.ask('call:join', { roomId });
    return Object.assign(ringing, { a, b, c });
  }

  close(): void {
    for (const socket of this.sockets) socket.close();
  }

  connect = async (user: TestUser, { url }: TestApp): Promise<TestSocket> => {
    const socket = await TestSocket.connect(url, user.rest.token);
    this.sockets.push(socket);
    return socket;
  };

  /** Connects another device of a user. */
  device = async (user: TestUser, { url }: TestApp): Promise<TestSocket> => {
    const { body } = await user.rest.request('POST /auth/login', {
      body: { email: user.email, password: user.password },
    });
    const socket = await TestSocket.connect(url, body.accessToken);
    this.sockets.push(socket);
    return socket;
  };

  ring = async (caller: TestSocket, ...users: TestUser[]): Promise<RingDto[]> => {
    const userIds = users.map((user) => user.id);
    return (await caller.ask('ring:start', { roomId: this.roomId, id: this.id, userIds })).rings;
  };

  reach = (socket: TestSocket): Promise<unknown> => socket.ask('ring:reach', { roomId: this.roomId, ringId: this.id });

  answer = async (socket: TestSocket, how: 'ring:accept' | 'ring:decline' | 'ring:hold'): Promise<RingDto> =>
    (await socket.ask(how, { roomId: this.roomId, ringId: this.id })).ring;

  /** The first matching ring state in this room that the socket has received. */
  told = async (socket: TestSocket, fits: (ring: RingDto) => boolean): Promise<RingDto> =>
    (await socket.event('ring:changed', ({ ring }) => ring.roomId === this.roomId && fits(ring))).ring;

  status = (socket: TestSocket, is: RingStatus, callee = this.boris): Promise<RingDto> =>
    this.told(socket, (ring) => ring.calleeId === callee.id && ring.status === is);

  /** @returns the first version after `after` in which the socket received that `n` devices ring */
  devices = async (socket: TestSocket, n: number, after = 0): Promise<number> =>
    (await this.told(socket, ({ devices, version }) => devices === n && version > after)).version;

  call = async (socket: TestSocket): Promise<CallDto | null> =>
    (await socket.ask('call:get', { roomId: this.roomId })).call;

  /** Versions of the call changes, in the order in which a socket received them. */
  versions = (socket: TestSocket): number[] =>
    socket.events('call:changed').flatMap((event) => (event.roomId === this.roomId ? [event.version] : []));

  messages = async (): Promise<MessageDto[]> =>
    (await this.anna.rest.request('GET /rooms/:roomId/messages', { roomId: this.roomId })).body.messages;

  /** The only entry of a type in the room, once the socket has received a matching one. */
  entry = async <T extends MessageContent['type']>(
    socket: TestSocket,
    type: T,
    fits: (content: Content<T>) => boolean = () => true,
  ): Promise<Content<T>> => {
    const is = (content: MessageContent): content is Content<T> => content.type === type && fits(content as Content<T>);
    const entryEvents = (): MessageDto[] => [...socket.events('chat:posted'), ...socket.events('chat:changed')];
    await socket.until(() => entryEvents().some(({ roomId, content }) => roomId === this.roomId && is(content)), type);
    const all = (await this.messages()).map(({ content }) => content).filter((content) => content.type === type);
    expect(all).toHaveLength(1);
    return all[0] as Content<T>;
  };

  rows = (): Promise<{ callee: string; status: string; over: boolean }[]> =>
    this.servers.near.db.query(
      'SELECT callee_id AS callee, status, ended_at IS NOT NULL AS over FROM rings WHERE id = $1',
      [this.id],
    );
}
