import type { CallJoinedDto } from '@webcall/contracts';
import { type ServerProcess, startProcess } from './faults/processes';
import { TestSocket } from './sockets';
import { Talker } from './talker';
import { bringIn, newRoom, newUser, REGISTRATION_CODE, type TestUser } from './test-app';

/** Two processes of the built API, with a call of two users, one at each, who also write to each other. */
export class Replicas {
  readonly sockets: TestSocket[] = [];

  private constructor(
    readonly one: ServerProcess,
    readonly two: ServerProcess,
  ) {}

  static async start(settings: { database: string; redis: string; env?: Record<string, string> }): Promise<Replicas> {
    const env = {
      APP_ENV: 'test',
      BCRYPT_COST: '4',
      THROTTLE_SCALE: '1000',
      JWT_SECRET: 'signs-the-tokens-of-integration-tests-1',
      REGISTRATION_SECRET: REGISTRATION_CODE,
      // Failures during outages are expected in these tests, so they are not logged.
      LOG_LEVEL: 'fatal',
      DATABASE_URL: settings.database,
      REDIS_URL: settings.redis,
      ...settings.env,
    };
    const [one, two] = await Promise.all([startProcess(env), startProcess(env)]);
    return new Replicas(one, two);
  }

  async connect(user: TestUser, { url }: ServerProcess): Promise<TestSocket> {
    const socket = await TestSocket.connect(url, user.rest.token);
    this.sockets.push(socket);
    socket.raw.on('signal:received', (_: unknown, ack: () => void) => ack());
    return socket;
  }

  /** Anna at the first process and Boris at the second, or both at the first. */
  async call(together = false): Promise<Couple> {
    const [anna, boris] = await Promise.all([newUser(this.one, 'anna'), newUser(this.two, 'boris')]);
    const { id: roomId } = await newRoom(anna);
    await bringIn(anna, roomId, boris);
    const [a, b] = await Promise.all([
      this.connect(anna, this.one),
      this.connect(boris, together ? this.one : this.two),
    ]);
    const [seatA, seatB] = [await a.ask('call:join', { roomId }), await b.ask('call:join', { roomId })];
    return { roomId, anna, boris, a, b, seatA, seatB, talkers: [] };
  }

  /** Makes both write all the time. */
  talk(couple: Couple): void {
    const { anna, boris, a, b, roomId } = couple;
    couple.talkers.push(new Talker(anna, a, roomId), new Talker(boris, b, roomId));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.close();
    await Promise.all([this.one.stop(), this.two.stop()]);
  }
}

/** Two people in a call. */
export interface Couple {
  roomId: string;
  anna: TestUser;
  boris: TestUser;
  a: TestSocket;
  b: TestSocket;
  seatA: CallJoinedDto;
  seatB: CallJoinedDto;
  talkers: Talker[];
}
