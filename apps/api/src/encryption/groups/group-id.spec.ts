import { findGroupName } from './group-id';

const ROOM = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
const idOf = (room: string, generation: number, rest = 16): string =>
  Buffer.concat([
    Buffer.from(room),
    Buffer.from(generation.toString(16).padStart(8, '0'), 'hex'),
    Buffer.alloc(rest),
  ]).toString('base64url');

it.each([0, 1, 258, 2 ** 31 - 1])('reads generation %d', (generation) => {
  const groupId = Buffer.from(idOf(ROOM, generation), 'base64url');
  expect(findGroupName(ROOM, idOf(ROOM, generation))).toEqual({ roomId: ROOM, generation, groupId });
});

it.each([
  ['of another room', idOf(ROOM.replace('6', '7'), 0)],
  ['too short', idOf(ROOM, 0, 15)],
  ['too long', idOf(ROOM, 0, 17)],
  ['of a generation that cannot be stored', idOf(ROOM, 2 ** 31)],
  ['in another spelling', `${idOf(ROOM, 0)}=`],
  ['of nothing', ''],
  ['of no bytes', '?'.repeat(75)],
])('knows no group with an id %s', (_, groupId) => expect(findGroupName(ROOM, groupId)).toBeUndefined());
