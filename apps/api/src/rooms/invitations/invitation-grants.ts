import { canInviteAsRole, ROLES } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { sqlStatement } from '../../platform/database/sql-statement';
import { uuid } from '../../platform/database/sql-types';

/** SQL pairs of an inviter's role and a role that it may grant. */
const GRANTABLE_ROLE_PAIRS = ROLES.flatMap((maker) =>
  ROLES.filter((given) => canInviteAsRole(maker, given)).map((given) => `('${maker}', '${given}')`),
);

/** SQL condition: the creator of the invitation `i` may, with their current role, grant its role. */
export const MAKER_MAY_GRANT_ROLE = `EXISTS (
  SELECT FROM members maker WHERE maker.room_id = i.room_id AND maker.user_id = i.created_by
    AND (maker.role, i.role) IN (${GRANTABLE_ROLE_PAIRS.join(', ')})
)`;

const REVOKE_EXCESS_INVITATIONS = sqlStatement({
  takes: [uuid],
  sql: `UPDATE invitations i SET revoked_at = now()
    WHERE i.room_id = $1 AND i.revoked_at IS NULL AND NOT ${MAKER_MAY_GRANT_ROLE}`,
});

/**
 * Revokes the invitations of a room that grant more than their creators may grant. Runs in the transaction that removes
 * a member or changes a role. They stay revoked when the creator comes back or is promoted again: nobody would expect
 * an old link to work again.
 */
export async function revokeExcessInvitations(manager: EntityManager, roomId: string): Promise<void> {
  await REVOKE_EXCESS_INVITATIONS.execute(manager, roomId);
}
