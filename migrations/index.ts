import { Initial1763800000000 } from './1763800000000-initial';
import { PeopleAndRings1763850000000 } from './1763850000000-people-and-rings';
import { QuietBlocks1763860000000 } from './1763860000000-quiet-blocks';
import { ResetLinks1763870000000 } from './1763870000000-reset-links';
import { InvitationsOfMakers1763880000000 } from './1763880000000-invitations-of-makers';
import { NameLooks1763880000001 } from './1763880000001-name-looks';
import { RingsInOneEntry1763890000000 } from './1763890000000-rings-in-one-entry';
import { OrdersOfLists1763900000000 } from './1763900000000-orders-of-lists';
import { Quotas1763910000000 } from './1763910000000-quotas';
import { CanonicalEmails1763920000000 } from './1763920000000-canonical-emails';
import { MemberCounts1763930000000 } from './1763930000000-member-counts';
import { Writers1763940000000 } from './1763940000000-writers';
import { Devices1763950000000 } from './1763950000000-devices';
import { Vaults1763960000000 } from './1763960000000-vaults';
import { RoomGroups1763970000000 } from './1763970000000-room-groups';

/** All migrations in the order in which they run. */
export const migrations = [
  Initial1763800000000,
  PeopleAndRings1763850000000,
  QuietBlocks1763860000000,
  ResetLinks1763870000000,
  InvitationsOfMakers1763880000000,
  NameLooks1763880000001,
  RingsInOneEntry1763890000000,
  OrdersOfLists1763900000000,
  Quotas1763910000000,
  CanonicalEmails1763920000000,
  MemberCounts1763930000000,
  Writers1763940000000,
  Devices1763950000000,
  Vaults1763960000000,
  RoomGroups1763970000000,
];
