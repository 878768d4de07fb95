import type { NestExpressApplication } from '@nestjs/platform-express';
import type { CreateInvitationDto, RoomDto, UserDto } from '@webcall/contracts';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app';
import { loadAppConfig } from '../../src/config/load-config';
import { newDatabase, type TestDatabase } from './database';
import { RestClient } from './rest';

/** The registration code of test servers. */
export const REGISTRATION_CODE = 'fjord-lamp-42';

/** A server in this process, with its own database. */
export interface TestApp {
  readonly url: string;
  readonly app: NestExpressApplication;
  readonly db: TestDatabase;
  close(): Promise<void>;
}

/** How a test server differs from the default one. */
export interface TestAppOptions {
  /** URL of a Redis; without it, live state is in memory. */
  redis?: string;
  /** An existing database, for a second server; it is not dropped. */
  database?: TestDatabase;
  /** Further settings. */
  env?: Record<string, string>;
}

/** Starts a server on a free port. Limits are out of reach unless `THROTTLE_SCALE` lowers them; jobs run with `JOBS: 'on'`. */
export async function startApp({ redis, database, env }: TestAppOptions = {}): Promise<TestApp> {
  const db = database ?? (await newDatabase());
  const config = loadAppConfig({
    APP_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'fatal',
    BCRYPT_COST: '4',
    THROTTLE_SCALE: '1000',
    JOBS: 'off',
    JWT_SECRET: 'signs-the-tokens-of-integration-tests-1',
    REGISTRATION_SECRET: REGISTRATION_CODE,
    DATABASE_URL: db.url,
    ...(redis && { REDIS_URL: redis }),
    ...env,
  });
  const app = await createApp(config);
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    db,
    close: async () => {
      await app.close();
      if (!database) await db.drop();
    },
  };
}

/** A user who is signed in. */
export interface TestUser extends UserDto {
  /** Empty for a guest, like the password. */
  email: string;
  readonly password: string;
  readonly rest: RestClient;
}

/** Signs a new user up. */
export async function newUser({ url }: Pick<TestApp, 'url'>, name = 'user'): Promise<TestUser> {
  const rest = new RestClient(url);
  // With a letter, for digits alone behind a word like "owner" look like that word, which is reserved.
  const username = `${name}-x${randomBytes(5).toString('hex')}`;
  const [email, password] = [`${username}@example.org`, 'correct horse battery'];
  const { status, body } = await rest.request('POST /auth/register', {
    body: {
      username,
      email,
      password,
      registrationCode: REGISTRATION_CODE,
    },
  });
  if (status !== 201) throw new Error(`signing up was answered with ${status}: ${JSON.stringify(body)}`);
  rest.token = body.accessToken;
  return { ...body.user, email, password, rest };
}

/** Signs a user in on one more device. */
export async function newDevice({ url }: Pick<TestApp, 'url'>, { email, password }: TestUser): Promise<RestClient> {
  const client = new RestClient(url);
  const { body } = await client.request('POST /auth/login', { body: { email, password } });
  client.token = body.accessToken;
  return client;
}

/** Creates a room that `owner` owns. */
export async function newRoom(owner: TestUser, visibility: 'public' | 'private' = 'private'): Promise<RoomDto> {
  const { status, body } = await owner.rest.request('POST /rooms', {
    body: { name: `Room of ${owner.username}`, visibility },
  });
  if (status !== 201) throw new Error(`making a room was answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Creates an invitation and returns its code. */
export async function newCode(
  owner: TestUser,
  roomId: string,
  more: Partial<CreateInvitationDto> = {},
): Promise<string> {
  const { body } = await owner.rest.request('POST /rooms/:roomId/invitations', {
    roomId,
    body: { role: 'member', ...more },
  });
  return body.code!;
}

/** Adds a user to a room by an invitation. */
export async function bringIn(
  owner: TestUser,
  roomId: string,
  user: TestUser,
  role: 'member' | 'moderator' = 'member',
): Promise<void> {
  const { status } = await user.rest.request('POST /invitations/:code/join', {
    code: await newCode(owner, roomId, { role }),
  });
  if (status !== 200) throw new Error(`joining was answered with ${status}`);
}

/** Adds a new guest to a room. */
export async function newGuest(owner: TestUser, roomId: string, name = 'Uncle Vanya'): Promise<TestUser> {
  const rest = new RestClient(owner.rest.url);
  const { body } = await rest.request('POST /invitations/:code/guest', {
    code: await newCode(owner, roomId, { role: 'guest' }),
    body: { name },
  });
  rest.token = body.accessToken;
  return { ...body.user, email: '', password: '', rest };
}

/** The roles in a room by user id. */
export async function rolesIn(user: TestUser, roomId: string): Promise<Record<string, string>> {
  const { body } = await user.rest.request('GET /rooms/:roomId/members', { roomId });
  return Object.fromEntries(body.members.map((member) => [member.userId, member.role]));
}
