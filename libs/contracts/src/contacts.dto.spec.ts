import { describeDtos } from '../test/dto-tables';
import { flag, oneOf, optional, text, uuid } from '../test/fields';
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
