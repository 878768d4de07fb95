/** Roles of a member in a room, from the strongest to the weakest. */
export const ROLES = ['owner', 'moderator', 'member', 'guest'] as const;

/** A member's role in a room. */
export type Role = (typeof ROLES)[number];

/** Whether a room can be found and joined by every user, or only by invitation. */
export type Visibility = 'public' | 'private';

/** @returns whether `a` stands strictly above `b`. */
export function outranks(a: Role, b: Role): boolean {
  return ROLES.indexOf(a) < ROLES.indexOf(b);
}

/** What can be done in a room. Actions upon a member (`member:*`) have further rules: see `mayChangeRole`, `mayRemove`. */
export const ROOM_ACTIONS = [
  'room:read',
  'room:rename',
  'room:set-visibility',
  'room:delete',
  'room:leave',
  'member:list',
  'member:set-role',
  'member:remove',
  'invitation:list',
  'invitation:create',
  'invitation:revoke',
  'message:read',
  'message:post',
  'message:edit-own',
  'message:delete-own',
  'message:delete-any',
  'call:join',
  'call:ring',
  'call:moderate',
  'removal:list',
  'removal:undo',
] as const;

/** One thing that can be done in a room. */
export type RoomAction = (typeof ROOM_ACTIONS)[number];

const EVERYONE: readonly Role[] = ROLES;
const MODERATORS: readonly Role[] = ['owner', 'moderator'];
const OWNER: readonly Role[] = ['owner'];

const ALLOWED: Record<RoomAction, readonly Role[]> = {
  'room:read': EVERYONE,
  'room:rename': MODERATORS,
  'room:set-visibility': OWNER,
  'room:delete': OWNER,
  'room:leave': EVERYONE,
  'member:list': EVERYONE,
  'member:set-role': OWNER,
  'member:remove': MODERATORS,
  'invitation:list': MODERATORS,
  'invitation:create': MODERATORS,
  'invitation:revoke': MODERATORS,
  'message:read': EVERYONE,
  'message:post': EVERYONE,
  'message:edit-own': EVERYONE,
  'message:delete-own': EVERYONE,
  'message:delete-any': MODERATORS,
  'call:join': EVERYONE,
  'call:ring': EVERYONE,
  'call:moderate': MODERATORS,
  'removal:list': MODERATORS,
  'removal:undo': MODERATORS,
};

/** What nobody does in a direct room: it belongs to both, for as long as both have an account. */
const GROUP_ONLY: readonly RoomAction[] = [
  'room:leave',
  'member:remove',
  'invitation:list',
  'invitation:create',
  'call:moderate',
  'removal:list',
  'removal:undo',
];

/** @returns whether a member with this role may do this in its room. */
export function may(role: Role, action: RoomAction): boolean {
  return ALLOWED[action].includes(role);
}

/** @returns whether a room of this kind has this action at all */
export function isActionOf(kind: 'group' | 'direct', action: RoomAction): boolean {
  return kind === 'group' || !GROUP_ONLY.includes(action);
}

/** @returns whether `actor` may silence or remove a participant of role `target` in a call */
export function mayModerate(actor: Role, target: Role): boolean {
  return may(actor, 'call:moderate') && outranks(actor, target);
}

/** @returns whether `actor` may take a member of role `target` out of the room (oneself leaves instead). */
export function mayRemove(actor: Role, target: Role): boolean {
  return may(actor, 'member:remove') && outranks(actor, target);
}

/**
 * Only the owner changes roles. A guest has no password and cannot become more than a guest, nobody becomes one;
 * giving `owner` away hands the room over, and the former owner becomes a moderator.
 * @returns whether `actor` may give a member of role `from` the role `to`.
 */
export function mayChangeRole(actor: Role, from: Role, to: Role): boolean {
  return may(actor, 'member:set-role') && from !== 'owner' && from !== 'guest' && to !== 'guest';
}

/** @returns whether `actor` may make an invitation that gives `role`. Ownership is never given by a link. */
export function mayInviteAs(actor: Role, role: Role): boolean {
  return may(actor, 'invitation:create') && role !== 'owner' && (actor === 'owner' || outranks(actor, role));
}

/**
 * Who owns a room when its owner goes: the moderator who joined first, else the member who joined first.
 * @param members the room's members without the one who goes
 * @returns the successor, or undefined when only guests (or nobody) would stay and the room ends
 */
export function successor<M extends { role: Role; joinedAt: Date }>(members: readonly M[]): M | undefined {
  const earliest = (role: Role): M | undefined =>
    members.filter((m) => m.role === role).sort((a, b) => a.joinedAt.getTime() - b.joinedAt.getTime())[0];
  return earliest('moderator') ?? earliest('member');
}
