import { DOORS } from '@webcall/domain';
import { describeDtos } from './testing/dto-tables';
import { flag, oneOf, optional, pattern, queried, text, whole } from './testing/fields';
import { LIMITS } from './limits';
import * as contracts from './rooms.dto';

const unseen = [' ', '\u200B', '\u2800', '\u3164', 'a\u202Eb', 'a\nb', 'a\u0000b', 'a\u2028b'];
const name = text(1, LIMITS.roomName.max, { takes: ['Kitchen table', 'Кухня №1', '❤️', '👨‍👩‍👧 family'], refuses: unseen });
const visibility = oneOf(['public', 'private'], ['secret', 'public,private']);
const limit = optional(queried(1, LIMITS.page.max));

describeDtos(contracts, {
  CreateRoomDto: { name, visibility },
  ChangeRoomDto: { name: optional(name), visibility: optional(visibility), door: optional(oneOf(DOORS)) },
  ChangeMembershipDto: { doNotDisturb: optional(flag) },
  BrowseRoomsDto: { search: optional(text(0, LIMITS.search.max)), cursor: optional(text(0, 500)), limit },
  ChangeRoleDto: { role: oneOf(['owner', 'moderator', 'member'], ['guest', 'admin']) },
  CreateInvitationDto: {
    role: oneOf(['moderator', 'member', 'guest'], ['owner', 'admin']),
    expiresInHours: optional(whole(1, LIMITS.invitation.maxHours)),
    maxUses: optional(whole(1, LIMITS.invitation.maxUses)),
  },
  JoinAsGuestDto: {
    name: pattern(['Uncle Vanya', 'Bo', '李', 'Anna ❤️', 'x'.repeat(32)], [...unseen, 'x'.repeat(33), 'a\u200Db']),
  },
});
