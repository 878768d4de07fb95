import * as contracts from './contacts.dto';
import { describeDtoModule } from './testing/dto-tables';
import { booleanField, choiceField, optionalField, textField, uuidField } from './testing/field-expectations';

describeDtoModule(contracts, {
  FindUsersDto: { name: textField(3, 32) },
  RequestContactDto: { userId: uuidField },
  ChangeContactDto: { ringtone: optionalField(choiceField(contracts.RINGTONES)) },
  PresenceSetDto: { away: booleanField },
  ChangePreferencesDto: {
    doNotDisturb: optionalField(booleanField),
    shareLastSeen: optionalField(booleanField),
    ringtone: optionalField(choiceField(contracts.RINGTONES)),
  },
});
