import type { CommandAck, SocketCommandName } from '@webcall/contracts';
import { randomUUID } from 'node:crypto';
import { TestSocket } from '../support/sockets';
import { MEMBERS, type SocketRow } from './socket-rows';
import type { Outcomes, World } from './world';

const NOBODY_ELSE: Outcomes = [
  'unauthorized',
  'ring_not_found',
  'room_not_found',
  'ring_not_found',
  'ring_not_found',
  'ring_not_found',
];

/** Runs an action while the victim rings everybody, or somebody rings the victim. */
async function whileRinging(
  { victim, users, roomId }: World,
  by: 'victim' | 'owner' | 'moderator',
  act: (ref: { roomId: string; ringId: string }) => Promise<CommandAck<object>>,
): Promise<CommandAck<object>> {
  const caller = by === 'victim' ? victim : users[by];
  const socket = await TestSocket.connect(caller.rest.url, caller.rest.token);
  const ringId = randomUUID();
  await socket.ask('call:join', { roomId });
  await socket.ask('ring:start', { roomId, id: ringId, ...(by !== 'victim' && { userIds: [victim.id] }) });
  const ack = await act({ roomId, ringId });
  socket.close();
  return ack;
}

const ANSWERS = [
  'ring:reach',
  'ring:accept',
  'ring:decline',
  'ring:hold',
] as const satisfies readonly SocketCommandName[];

/** The rows of the table for callers and callees. */
export const RING_ROWS: readonly SocketRow[] = [
  {
    command: 'ring:start',
    call: async ({ socket }, { victim, roomId }) => {
      await socket.send('call:join', { roomId });
      return socket.send('ring:start', { roomId, userIds: [victim.id] });
    },
    outcomes: MEMBERS,
  },
  {
    command: 'ring:list',
    call: ({ socket }) => socket.send('ring:list', {}),
    outcomes: ['unauthorized', 'ok', 'ok', 'ok', 'ok', 'ok'],
  },
  ...ANSWERS.flatMap((command): SocketRow[] => [
    {
      command,
      of: 'for oneself',
      call: ({ socket }, world) => whileRinging(world, 'victim', (ref) => socket.send(command, ref)),
      outcomes: MEMBERS,
    },
    {
      command,
      of: 'for somebody else',
      call: ({ socket, user }, world) =>
        whileRinging(world, user.id === world.users.owner.id ? 'moderator' : 'owner', (ref) =>
          socket.send(command, ref),
        ),
      outcomes: NOBODY_ELSE,
    },
  ]),
  {
    command: 'ring:cancel',
    of: 'one’s own',
    call: async ({ socket }, { victim, roomId }) => {
      await socket.send('call:join', { roomId });
      const ringId = randomUUID();
      await socket.send('ring:start', { roomId, id: ringId, userIds: [victim.id] });
      return socket.send('ring:cancel', { roomId, ringId });
    },
    outcomes: MEMBERS,
  },
  {
    command: 'ring:cancel',
    of: 'somebody else’s',
    call: ({ socket }, world) => whileRinging(world, 'victim', (ref) => socket.send('ring:cancel', ref)),
    outcomes: NOBODY_ELSE,
  },
];
