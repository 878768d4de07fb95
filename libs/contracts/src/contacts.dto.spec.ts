import { toCanonicalName, WRITERS } from '@webcall/domain';
import * as contracts from './contacts.dto';
import { describeDtoModule } from './testing/dto-tables';
import { booleanField, choiceField, optionalField, patternField, uuidField } from './testing/field-expectations';

describeDtoModule(contracts, {
  FindUsersDto: {
    name: {
      ...patternField(
        ['ann', 'Anna.K', 'x'.repeat(32), 'ＡＮＮＡ', 'an\u200Bna'],
        ['an', 'x'.repeat(33), 'an\u200B', '\u200B\u200B\u200B', 'a  ', 'ﷺﷺ'],
      ),
      becomes: (typed) => toCanonicalName(typed as string),
    },
  },
  RequestContactDto: { userId: uuidField },
  ChangeContactDto: { ringtone: optionalField(choiceField(contracts.RINGTONES)) },
  PresenceSetDto: { away: booleanField },
  ChangePreferencesDto: {
    doNotDisturb: optionalField(booleanField),
    shareLastSeen: optionalField(booleanField),
    ringtone: optionalField(choiceField(contracts.RINGTONES)),
    writers: optionalField(choiceField(WRITERS)),
  },
});
