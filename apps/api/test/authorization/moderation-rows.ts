import type { CallJoinedDto, CommandAck } from '@webcall/contracts';
import { TestSocket } from '../support/sockets';
import type { TestUser } from '../support/test-app';
import { IN_CALL, MEMBERS, MODERATORS, type SocketRow } from './socket-rows';
import type { Outcomes, World } from './world';

/** Only the owner stands above a moderator. */
const OWNER: Outcomes = ['unauthorized', 'forbidden', 'room_not_found', 'forbidden', 'forbidden', 'ok'];
const MODERATORS_IN_CALL: Outcomes = ['unauthorized', 'forbidden', 'not_in_call', 'forbidden', 'ok', 'ok'];

/** Sends a command while a participant is in the call. */
async function during(
  user: TestUser,
  { roomId }: World,
  act: (seat: CallJoinedDto, socket: TestSocket) => Promise<CommandAck<object>>,
): Promise<CommandAck<object>> {
  const socket = await TestSocket.connect(user.rest.url, user.rest.token);
  try {
    return await act(await socket.ask('call:join', { roomId }), socket);
  } finally {
    socket.close();
  }
}

const lobby = ({ users, roomId }: World) =>
  users.owner.rest.request('PATCH /rooms/:roomId', { roomId, body: { door: 'lobby' } });

/** The rows of the table for moderation, knocks, raised hands and reactions. */
export const MODERATION_ROWS: readonly SocketRow[] = [
  ...(['call:hold', 'call:allow'] as const).flatMap((command): SocketRow[] => [
    {
      command,
      of: 'a member’s',
      call: ({ socket }, world) =>
        during(world.victim, world, ({ participantId, roomId }) =>
          socket.send(command, { roomId, participantId, kinds: ['microphone'] }),
        ),
      outcomes: MODERATORS,
    },
    {
      command,
      of: 'a moderator’s',
      call: ({ socket }, world) =>
        during(world.users.moderator, world, ({ participantId, roomId }) =>
          socket.send(command, { roomId, participantId, kinds: ['microphone'] }),
        ),
      outcomes: OWNER,
    },
    {
      command,
      of: 'everybody’s',
      call: ({ socket }, world) =>
        during(world.victim, world, ({ roomId }) => socket.send(command, { roomId, kinds: ['microphone'] })),
      outcomes: MODERATORS,
    },
  ]),
  {
    command: 'call:remove',
    of: 'a member',
    call: ({ socket }, world) =>
      during(world.victim, world, ({ participantId, roomId }) => socket.send('call:remove', { roomId, participantId })),
    outcomes: MODERATORS,
  },
  {
    command: 'call:remove',
    of: 'a moderator',
    call: ({ socket }, world) =>
      during(world.users.moderator, world, ({ participantId, roomId }) =>
        socket.send('call:remove', { roomId, participantId }),
      ),
    outcomes: OWNER,
  },
  {
    command: 'call:readmit',
    call: ({ socket }, world) =>
      during(world.victim, world, ({ roomId, participantId }) =>
        during(world.users.owner, world, async (_, owner) => {
          await owner.ask('call:remove', { roomId, participantId });
          return socket.send('call:readmit', { roomId, userId: world.victim.id });
        }),
      ),
    outcomes: MODERATORS,
  },
  {
    command: 'call:end',
    call: ({ socket }, world) => during(world.victim, world, ({ roomId }) => socket.send('call:end', { roomId })),
    outcomes: MODERATORS,
  },
  {
    command: 'call:hand',
    of: 'one’s own',
    call: async ({ socket }, { roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('call:hand', { raised: true });
    },
    outcomes: IN_CALL,
  },
  {
    command: 'call:hand',
    of: 'a member’s',
    call: ({ socket }, world) =>
      during(world.victim, world, async ({ roomId, participantId }) => {
        await socket.send('call:join', { roomId });
        return socket.send('call:hand', { raised: false, participantId });
      }),
    outcomes: MODERATORS_IN_CALL,
  },
  {
    command: 'call:react',
    call: async ({ socket }, { roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('call:react', { reaction: '👍' });
    },
    outcomes: IN_CALL,
  },
  {
    command: 'knock:start',
    call: ({ socket }, world) =>
      during(world.victim, world, async ({ roomId }) => {
        await lobby(world);
        return socket.send('knock:start', { roomId });
      }),
    outcomes: MEMBERS,
  },
  {
    command: 'knock:cancel',
    call: ({ socket }, world) =>
      during(world.victim, world, async ({ roomId }) => {
        await lobby(world);
        await socket.send('knock:start', { roomId });
        return socket.send('knock:cancel', { roomId });
      }),
    outcomes: MEMBERS,
  },
  {
    command: 'knock:answer',
    call: ({ socket }, world) =>
      during(world.users.owner, world, async ({ roomId }) => {
        await lobby(world);
        const visitor = await TestSocket.connect(world.victim.rest.url, world.victim.rest.token);
        await visitor.ask('knock:start', { roomId });
        const ack = await socket.send('knock:answer', { roomId, admit: true });
        visitor.close();
        return ack;
      }),
    outcomes: MODERATORS,
  },
];
