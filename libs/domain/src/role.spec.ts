import {
  canChangeRole,
  canInviteAsRole,
  canRemoveMemberOfRole,
  chooseNextOwner,
  isActionAllowed,
  isRoomActionAllowed,
  type Role,
  ROLES,
  ROOM_ACTIONS,
  type RoomAction,
} from './role';

const VISIBILITIES = ['private', 'public'] as const;

// o = owner, m = moderator, e = member, g = guest: every action × role, written out so that a changed rule is noticed.
const TABLE: Record<RoomAction, string> = {
  'room:read': 'o m e g',
  'room:rename': 'o m - -',
  'room:set-visibility': 'o - - -',
  'room:delete': 'o - - -',
  'room:encrypt': 'o - - -',
  'room:leave': 'o m e g',
  'member:list': 'o m e g',
  'member:set-role': 'o - - -',
  'member:remove': 'o m - -',
  'invitation:list': 'o m - -',
  'invitation:create': 'o m - -',
  'invitation:revoke': 'o m - -',
  'message:read': 'o m e g',
  'message:post': 'o m e g',
  'message:edit-own': 'o m e g',
  'message:delete-own': 'o m e g',
  'message:delete-any': 'o m - -',
  'call:join': 'o m e g',
  'call:ring': 'o m e g',
  'call:moderate': 'o m - -',
  'removal:list': 'o m - -',
  'removal:undo': 'o m - -',
};

describe('isActionAllowed', () => {
  const cases = ROOM_ACTIONS.flatMap((action) => ROLES.map((role, i) => ({ action, role, i })));
  test.each(cases)('$role $action', ({ action, role, i }) => {
    expect(isActionAllowed(role, action)).toBe(TABLE[action].split(' ')[i] !== '-');
  });
});

describe('canRemoveMemberOfRole', () => {
  const allowed = ['owner>moderator', 'owner>member', 'owner>guest', 'moderator>member', 'moderator>guest'];
  const cases = ROLES.flatMap((actor) => ROLES.map((target) => ({ actor, target })));
  test.each(cases)('$actor removes $target', ({ actor, target }) => {
    expect(canRemoveMemberOfRole(actor, target)).toBe(allowed.includes(`${actor}>${target}`));
  });
});

describe('canChangeRole', () => {
  const cases = ROLES.flatMap((actor) => ROLES.flatMap((from) => ROLES.map((to) => ({ actor, from, to }))));
  test.each(cases)('$actor makes $from a $to', ({ actor, from, to }) => {
    const legal = actor === 'owner' && ['moderator', 'member'].includes(from) && to !== 'guest';
    expect(canChangeRole(actor, from, to)).toBe(legal);
  });
});

describe('canInviteAsRole', () => {
  const allowed = ['owner>moderator', 'owner>member', 'owner>guest', 'moderator>member', 'moderator>guest'];
  const allowedIn = { private: allowed, public: [...allowed, 'member>member'] };
  const cases = ROLES.flatMap((actor) =>
    ROLES.flatMap((role) => VISIBILITIES.map((visibility) => ({ actor, role, visibility }))),
  );
  test.each(cases)('$actor invites as $role to a $visibility room', ({ actor, role, visibility }) => {
    expect(canInviteAsRole(actor, role, visibility)).toBe(allowedIn[visibility].includes(`${actor}>${role}`));
  });
});

describe('isRoomActionAllowed', () => {
  const cases = ROOM_ACTIONS.flatMap((action) => ROLES.map((role) => ({ action, role })));
  const invitations: RoomAction[] = ['invitation:list', 'invitation:create', 'invitation:revoke'];

  test.each(cases)('$role $action', ({ action, role }) => {
    const allowed = isActionAllowed(role, action);
    expect(isRoomActionAllowed({ role, kind: 'group', visibility: 'private' }, action)).toBe(allowed);
    const invites = role === 'member' && invitations.includes(action);
    expect(isRoomActionAllowed({ role, kind: 'group', visibility: 'public' }, action)).toBe(allowed || invites);
  });

  it('has nothing for two that is about members, invitations and moderation', () => {
    const inDirectRoom = ROOM_ACTIONS.filter((action) =>
      isRoomActionAllowed({ role: 'member', kind: 'direct', visibility: 'private' }, action),
    );
    expect(inDirectRoom).toEqual([
      'room:read',
      'room:encrypt',
      'member:list',
      'message:read',
      'message:post',
      'message:edit-own',
      'message:delete-own',
      'call:join',
      'call:ring',
    ]);
  });
});

describe('chooseNextOwner', () => {
  const member = (id: string, role: Role, day: number) => ({ id, role, joinedAt: new Date(2026, 0, day) });

  it('chooses the first moderator, before any member', () => {
    const members = [member('a', 'member', 1), member('b', 'moderator', 3), member('c', 'moderator', 2)];
    expect(chooseNextOwner(members)?.id).toBe('c');
  });

  it('chooses the first member when there is no moderator', () => {
    expect(chooseNextOwner([member('a', 'guest', 1), member('b', 'member', 3), member('c', 'member', 2)])?.id).toBe(
      'c',
    );
  });

  it('chooses nobody when only guests stay', () => {
    expect(chooseNextOwner([member('a', 'guest', 1)])).toBeUndefined();
  });
});
