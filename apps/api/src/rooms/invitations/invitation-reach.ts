import { mayInviteAs, ROLES } from '@webcall/domain';
import type { EntityManager } from 'typeorm';

/** The role of a maker with one that they may give. */
const MAY_GIVE = ROLES.flatMap((maker) =>
  ROLES.filter((given) => mayInviteAs(maker, given)).map((given) => `('${maker}', '${given}')`),
);

/** Whether the maker of an invitation `i` may, as they stand in the room now, give what it gives. */
export const MAKER_MAY_GIVE = `EXISTS (
  SELECT FROM members maker WHERE maker.room_id = i.room_id AND maker.user_id = i.created_by
    AND (maker.role, i.role) IN (${MAY_GIVE.join(', ')})
)`;

/**
 * Ends the invitations of a room that give more than their makers may give: a step of whatever takes a member out or gives
 * one another role, in its transaction. They stay ended when the maker comes back or rises again: nobody would remember a
 * link that works again.
 */
export async function endOverreachingInvitations(manager: EntityManager, roomId: string): Promise<void> {
  await manager.query(
    `UPDATE invitations i SET revoked_at = now() WHERE i.room_id = $1 AND i.revoked_at IS NULL AND NOT ${MAKER_MAY_GIVE}`,
    [roomId],
  );
}
