import { DOORS } from '@webcall/domain';
import { PROTOCOL_LIMITS } from './limits';
import * as contracts from './rooms.dto';
import { describeDtoModule } from './testing/dto-tables';
import {
  booleanField,
  choiceField,
  optionalField,
  patternField,
  queryNumberField,
  textField,
  wholeNumberField,
} from './testing/field-expectations';

const unseen = [' ', '\u200B', '\u2800', '\u3164', 'a\u202Eb', 'a\nb', 'a\u0000b', 'a\u2028b'];
const name = textField(1, PROTOCOL_LIMITS.roomName.max, {
  takes: ['Kitchen table', 'Кухня №1', '❤️', '👨‍👩‍👧 family'],
  refuses: unseen,
});
const visibility = choiceField(['public', 'private'], ['secret', 'public,private']);
const limit = optionalField(queryNumberField(1, PROTOCOL_LIMITS.page.max));

describeDtoModule(contracts, {
  CreateRoomDto: { name, visibility },
  ChangeRoomDto: {
    name: optionalField(name),
    visibility: optionalField(visibility),
    door: optionalField(choiceField(DOORS)),
  },
  ChangeMembershipDto: { doNotDisturb: optionalField(booleanField) },
  BrowseRoomsDto: {
    search: optionalField(textField(0, PROTOCOL_LIMITS.search.max)),
    cursor: optionalField(textField(0, 500)),
    limit,
  },
  ChangeRoleDto: { role: choiceField(['owner', 'moderator', 'member'], ['guest', 'admin']) },
  CreateInvitationDto: {
    role: choiceField(['moderator', 'member', 'guest'], ['owner', 'admin']),
    expiresInHours: optionalField(wholeNumberField(1, PROTOCOL_LIMITS.invitation.maxHours)),
    maxUses: optionalField(wholeNumberField(1, PROTOCOL_LIMITS.invitation.maxUses)),
  },
  JoinAsGuestDto: {
    name: patternField(
      ['Uncle Vanya', 'Bo', '李', 'Anna ❤️', 'x'.repeat(32), '🏳️\u200D🌈', 'علی\u200Cرضا'],
      [...unseen, 'x'.repeat(33), 'a\u200Db'],
    ),
  },
});
