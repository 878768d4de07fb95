import { isRoomActionAllowed, ROLES, type RoomAction } from '@webcall/domain';

/** Actions that a closed direct room does not have any more. It can be read, and own messages can be deleted. */
export const OPEN_ROOM_ACTIONS: ReadonlySet<RoomAction> = new Set<RoomAction>([
  'room:encrypt',
  'message:post',
  'message:edit-own',
  'call:join',
  'call:ring',
]);

const KINDS_AND_VISIBILITIES = [
  { kind: 'group', visibility: 'public' },
  { kind: 'group', visibility: 'private' },
  { kind: 'direct', visibility: 'private' },
] as const;

/**
 * The rules of `RoomsService.requireMember` as a condition on a room `r` and its member `m`, for a statement that checks
 * and acts at once. It only refuses; `requireMember` has the reason.
 */
export function memberMaySql(action: RoomAction): string {
  const places = KINDS_AND_VISIBILITIES.flatMap(({ kind, visibility }) =>
    ROLES.filter((role) => isRoomActionAllowed({ kind, visibility, role }, action)).map(
      (role) => `('${kind}', '${visibility}', '${role}')`,
    ),
  );
  const isAllowed = `(r.kind, r.visibility, m.role) IN (${places.join(', ')})`;
  return OPEN_ROOM_ACTIONS.has(action) ? `${isAllowed} AND NOT r.closed` : isAllowed;
}
