import { describeDtos } from './testing/dto-tables';
import { flag, oneOf, optional, text, uuid } from './testing/fields';
import * as contracts from './contacts.dto';

describeDtos(contracts, {
  FindUsersDto: { name: text(3, 32) },
  RequestContactDto: { userId: uuid },
  ChangeContactDto: { ringtone: optional(oneOf(contracts.RINGTONES)) },
  PresenceSetDto: { away: flag },
  ChangePreferencesDto: {
    doNotDisturb: optional(flag),
    shareLastSeen: optional(flag),
    ringtone: optional(oneOf(contracts.RINGTONES)),
  },
});
