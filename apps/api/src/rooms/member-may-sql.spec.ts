import { ROLES, type RoomAction } from '@webcall/domain';
import { memberMaySql } from './member-may-sql';

const places = (kind: string, visibility: string, roles: readonly string[]): string[] =>
  roles.map((role) => `('${kind}', '${visibility}', '${role}')`);

const everywhere = [
  ...places('group', 'public', ROLES),
  ...places('group', 'private', ROLES),
  ...places('direct', 'private', ROLES),
];

it.each<[RoomAction, string[], string]>([
  ['message:post', everywhere, ' AND NOT r.closed'],
  ['message:read', everywhere, ''],
  [
    'invitation:create',
    [
      ...places('group', 'public', ['owner', 'moderator', 'member']),
      ...places('group', 'private', ['owner', 'moderator']),
    ],
    '',
  ],
  ['room:leave', [...places('group', 'public', ROLES), ...places('group', 'private', ROLES)], ''],
])('%s needs what the rules say', (action, allowed, further) => {
  expect(memberMaySql(action)).toBe(`(r.kind, r.visibility, m.role) IN (${allowed.join(', ')})${further}`);
});
