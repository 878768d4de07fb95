import type { CommandAck, SocketCommandName } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { anySealed } from '../support/encrypted-room';
import { insertDevice } from '../support/inserted-devices';
import { TestSocket } from '../support/sockets';
import type { TestUser } from '../support/test-app';
import { encryptedGroup } from './encryption-rows';
import type { Outcomes, World } from './world';

/** A command, a payload that can only be refused for lack of rights, and the outcome for each actor. */
export interface SocketRow {
  readonly command: SocketCommandName;
  /** Distinguishes this row from others of the same command. */
  readonly of?: string;
  readonly call: (actor: Actor, world: World) => Promise<CommandAck<object>>;
  readonly outcomes: Outcomes;
}

/** A user who is signed in and connected. */
interface Actor {
  readonly socket: TestSocket;
  readonly user: TestUser;
}

/** Without a token there is no connection, and so no command. */
const SIGNED_IN: Outcomes = ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'];
export const MEMBERS: Outcomes = ['unauthorized', 'ok', 'room_not_found', 'ok', 'ok', 'ok'];
export const MODERATORS: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'ok', 'ok'];
const NOBODY_ELSE: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'forbidden', 'forbidden'];
export const IN_CALL: Outcomes = ['unauthorized', 'ok', 'not_in_call', 'ok', 'ok', 'ok'];

const connect = ({ rest }: TestUser): Promise<TestSocket> => TestSocket.connect(rest.url, rest.token);

/** @returns the id of a message that the user has posted, if allowed */
async function messageOf(socket: TestSocket, roomId: string): Promise<string> {
  const id = randomUUID();
  await socket.send('chat:send', { roomId, id, text: 'Hello' });
  return id;
}

async function messageOfVictim({ victim, roomId }: World): Promise<string> {
  const socket = await connect(victim);
  const id = await messageOf(socket, roomId);
  socket.close();
  return id;
}

/** The rows of the table for socket commands. */
export const SOCKET_ROWS: readonly SocketRow[] = [
  {
    command: 'auth:renew',
    call: ({ socket, user }) => socket.send('auth:renew', { token: user.rest.token ?? '' }),
    outcomes: SIGNED_IN,
  },
  { command: 'room:open', call: ({ socket }, { roomId }) => socket.send('room:open', { roomId }), outcomes: MEMBERS },
  {
    command: 'chat:send',
    call: ({ socket }, { roomId }) => socket.send('chat:send', { roomId, id: randomUUID(), text: 'Hello' }),
    outcomes: MEMBERS,
  },
  {
    command: 'chat:seal',
    call: async ({ socket, user }, world) => {
      const { roomId } = await encryptedGroup(world);
      return socket.send('chat:seal', anySealed(roomId, await insertDevice(world.db, user), 0));
    },
    outcomes: MEMBERS,
  },
  {
    command: 'chat:edit',
    of: 'one’s own',
    call: async ({ socket }, { roomId }) =>
      socket.send('chat:edit', { roomId, id: await messageOf(socket, roomId), text: 'Hi' }),
    outcomes: MEMBERS,
  },
  {
    command: 'chat:edit',
    of: 'somebody else’s',
    call: async ({ socket }, world) =>
      socket.send('chat:edit', { roomId: world.roomId, id: await messageOfVictim(world), text: 'Hi' }),
    outcomes: NOBODY_ELSE,
  },
  {
    command: 'chat:delete',
    of: 'one’s own',
    call: async ({ socket }, { roomId }) => socket.send('chat:delete', { roomId, id: await messageOf(socket, roomId) }),
    outcomes: MEMBERS,
  },
  {
    command: 'chat:delete',
    of: 'somebody else’s',
    call: async ({ socket }, world) =>
      socket.send('chat:delete', { roomId: world.roomId, id: await messageOfVictim(world) }),
    outcomes: MODERATORS,
  },
  {
    command: 'chat:read',
    call: ({ socket }, { roomId }) => socket.send('chat:read', { roomId, seq: 0 }),
    outcomes: MEMBERS,
  },
  { command: 'chat:type', call: ({ socket }, { roomId }) => socket.send('chat:type', { roomId }), outcomes: MEMBERS },
  { command: 'call:get', call: ({ socket }, { roomId }) => socket.send('call:get', { roomId }), outcomes: MEMBERS },
  { command: 'call:join', call: ({ socket }, { roomId }) => socket.send('call:join', { roomId }), outcomes: MEMBERS },
  {
    command: 'call:resume',
    of: 'one’s own seat',
    call: async ({ socket }, { roomId }) => {
      const joined = await socket.send('call:join', { roomId });
      const seat = joined.ok ? joined : { participantId: randomUUID(), resumeKey: 'none' };
      return socket.send('call:resume', { roomId, participantId: seat.participantId, resumeKey: seat.resumeKey });
    },
    outcomes: MEMBERS,
  },
  {
    command: 'call:resume',
    of: 'somebody else’s seat',
    call: async ({ socket }, { victim, roomId }) => {
      const other = await connect(victim);
      const { participantId, resumeKey } = await other.ask('call:join', { roomId });
      const ack = await socket.send('call:resume', { roomId, participantId, resumeKey });
      other.close();
      return ack;
    },
    outcomes: [
      'unauthorized',
      'resume_key_wrong',
      'room_not_found',
      'resume_key_wrong',
      'resume_key_wrong',
      'resume_key_wrong',
    ],
  },
  {
    command: 'call:leave',
    call: async ({ socket }, { roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('call:leave', {});
    },
    outcomes: IN_CALL,
  },
  {
    command: 'call:update',
    call: async ({ socket }, { roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('call:update', { media: { microphone: true } });
    },
    outcomes: IN_CALL,
  },
  {
    command: 'call:report',
    call: async ({ socket }, { roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('call:report', { links: { mended: 0, restarted: 1, rebuilt: 0 } });
    },
    outcomes: IN_CALL,
  },
  {
    command: 'signal:send',
    call: async ({ socket }, { victim, roomId }) => {
      const other = await connect(victim);
      other.raw.on('signal:received', (_: unknown, ack: () => void) => ack());
      const { participantId } = await other.ask('call:join', { roomId });
      await socket.send('call:join', { roomId });
      const ack = await socket.send('signal:send', { to: participantId, candidate: { candidate: '' } });
      other.close();
      return ack;
    },
    outcomes: IN_CALL,
  },
  {
    command: 'presence:set',
    call: ({ socket }) => socket.send('presence:set', { away: true }),
    outcomes: SIGNED_IN,
  },
  {
    command: 'ice:get',
    call: async ({ socket }, { roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('ice:get', {});
    },
    outcomes: IN_CALL,
  },
];
