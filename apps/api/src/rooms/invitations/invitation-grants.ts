import { canInviteAsRole, ROLES, type Visibility } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { sqlStatement } from '../../platform/database/sql-statement';
import { uuid } from '../../platform/database/sql-types';

const VISIBILITIES: readonly Visibility[] = ['private', 'public'];

/** SQL rows of an inviter's role, a role that it may grant, and the visibility of the rooms in which it may. */
const GRANTS = ROLES.flatMap((maker) =>
  ROLES.flatMap((given) =>
    VISIBILITIES.filter((visibility) => canInviteAsRole(maker, given, visibility)).map(
      (visibility) => `('${maker}', '${given}', '${visibility}')`,
    ),
  ),
);

/** SQL condition: the creator of the invitation `i` may, with their current role in the room, grant its role. */
export const MAKER_MAY_GRANT_ROLE = `EXISTS (
  SELECT FROM members maker JOIN rooms place ON place.id = maker.room_id
  WHERE maker.room_id = i.room_id AND maker.user_id = i.created_by
    AND (maker.role, i.role, place.visibility) IN (${GRANTS.join(', ')})
)`;

const REVOKE_EXCESS_INVITATIONS = sqlStatement({
  takes: [uuid],
  sql: `UPDATE invitations i SET revoked_at = now()
    WHERE i.room_id = $1 AND i.revoked_at IS NULL AND NOT ${MAKER_MAY_GRANT_ROLE}`,
});

/**
 * Revokes the invitations of a room that grant more than their creators may grant. Runs in the transaction that removes
 * a member, changes a role or hides the room. They stay revoked when the creator comes back or is promoted again: nobody
 * would expect an old link to work again.
 */
export async function revokeExcessInvitations(manager: EntityManager, roomId: string): Promise<void> {
  await REVOKE_EXCESS_INVITATIONS.execute(manager, roomId);
}
