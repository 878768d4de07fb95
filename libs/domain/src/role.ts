/** Roles of a member in a room, from the strongest to the weakest. */
export const ROLES = ['owner', 'moderator', 'member', 'guest'] as const;

/** A member's role in a room. */
export type Role = (typeof ROLES)[number];

/** Whether a room can be found and joined by every user, or only by invitation. */
export type Visibility = 'public' | 'private';

/** @returns whether `a` is a strictly stronger role than `b`. */
export function outranksRole(a: Role, b: Role): boolean {
  return ROLES.indexOf(a) < ROLES.indexOf(b);
}

/** All actions in a room. Those on a member (`member:*`) have further rules: see `canChangeRole`, `canRemoveMemberOfRole`. */
export const ROOM_ACTIONS = [
  'room:read',
  'room:rename',
  'room:set-visibility',
  'room:delete',
  'room:encrypt',
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

/** One action in a room. */
export type RoomAction = (typeof ROOM_ACTIONS)[number];

const EVERY_ROLE: readonly Role[] = ROLES;
const MODERATOR_ROLES: readonly Role[] = ['owner', 'moderator'];
const OWNER_ROLES: readonly Role[] = ['owner'];

const ALLOWED_ROLES: Record<RoomAction, readonly Role[]> = {
  'room:read': EVERY_ROLE,
  'room:rename': MODERATOR_ROLES,
  'room:set-visibility': OWNER_ROLES,
  'room:delete': OWNER_ROLES,
  'room:encrypt': OWNER_ROLES,
  'room:leave': EVERY_ROLE,
  'member:list': EVERY_ROLE,
  'member:set-role': OWNER_ROLES,
  'member:remove': MODERATOR_ROLES,
  'invitation:list': MODERATOR_ROLES,
  'invitation:create': MODERATOR_ROLES,
  'invitation:revoke': MODERATOR_ROLES,
  'message:read': EVERY_ROLE,
  'message:post': EVERY_ROLE,
  'message:edit-own': EVERY_ROLE,
  'message:delete-own': EVERY_ROLE,
  'message:delete-any': MODERATOR_ROLES,
  'call:join': EVERY_ROLE,
  'call:ring': EVERY_ROLE,
  'call:moderate': MODERATOR_ROLES,
  'removal:list': MODERATOR_ROLES,
  'removal:undo': MODERATOR_ROLES,
};

/** Actions that a direct room does not have: it belongs to both users as long as both have an account. */
const GROUP_ONLY_ACTIONS: readonly RoomAction[] = [
  'room:leave',
  'member:remove',
  'invitation:list',
  'invitation:create',
  'call:moderate',
  'removal:list',
  'removal:undo',
];

/** What both people of a direct room may do, although it has no owner. */
const DIRECT_ROOM_ACTIONS: readonly RoomAction[] = ['room:encrypt'];

/** @returns whether a member with this role may do this in every group room. */
export function isActionAllowed(role: Role, action: RoomAction): boolean {
  return ALLOWED_ROLES[action].includes(role);
}

/** What plain members may do in public rooms: a link lets nobody in who could not come in by themselves. */
const PUBLIC_MEMBER_ACTIONS: readonly RoomAction[] = ['invitation:list', 'invitation:create', 'invitation:revoke'];

/** A member's place in a room: the facts about both that decide what the member may do. */
export interface RoomPlace {
  readonly role: Role;
  readonly kind: 'group' | 'direct';
  readonly visibility: Visibility;
}

/** @returns whether a member may do this in the room; plain members only with their own invitations */
export function isRoomActionAllowed({ role, kind, visibility }: RoomPlace, action: RoomAction): boolean {
  if (kind === 'direct' && GROUP_ONLY_ACTIONS.includes(action)) return false;
  if (kind === 'direct' && DIRECT_ROOM_ACTIONS.includes(action)) return true;
  const isPublicMember = visibility === 'public' && role === 'member';
  return isActionAllowed(role, action) || (isPublicMember && PUBLIC_MEMBER_ACTIONS.includes(action));
}

/** @returns whether `actor` may silence or remove a participant of role `target` in a call */
export function canModerateRole(actor: Role, target: Role): boolean {
  return isActionAllowed(actor, 'call:moderate') && outranksRole(actor, target);
}

/** @returns whether `actor` may remove a member of role `target` from the room (for oneself there is leaving). */
export function canRemoveMemberOfRole(actor: Role, target: Role): boolean {
  return isActionAllowed(actor, 'member:remove') && outranksRole(actor, target);
}

/**
 * Only the owner changes roles. A guest has no password and stays a guest, and nobody becomes one; giving a member the
 * role `owner` hands the room over, and the former owner becomes a moderator.
 * @returns whether `actor` may give a member of role `from` the role `to`.
 */
export function canChangeRole(actor: Role, from: Role, to: Role): boolean {
  return isActionAllowed(actor, 'member:set-role') && from !== 'owner' && from !== 'guest' && to !== 'guest';
}

/**
 * No invitation gives ownership. A plain member invites to a public room, and only people with an account, who could
 * join it anyway.
 * @returns whether `actor` may create an invitation that gives `role`
 */
export function canInviteAsRole(actor: Role, role: Role, visibility: Visibility): boolean {
  if (actor === 'member') return role === 'member' && visibility === 'public';
  return isActionAllowed(actor, 'invitation:create') && outranksRole(actor, role);
}

/**
 * Chooses the owner of a room whose owner leaves: the moderator who joined first, else the member who joined first.
 * @param members the room's members without the leaving owner
 * @returns the next owner, or undefined when only guests (or nobody) would stay and the room ends
 */
export function chooseNextOwner<M extends { role: Role; joinedAt: Date }>(members: readonly M[]): M | undefined {
  const earliest = (role: Role): M | undefined =>
    members.filter((m) => m.role === role).sort((a, b) => a.joinedAt.getTime() - b.joinedAt.getTime())[0];
  return earliest('moderator') ?? earliest('member');
}
