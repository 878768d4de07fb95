import { MEDIA_KINDS } from '@webcall/domain';
import * as contracts from './moderation.dto';
import { describeDtoModule } from './testing/dto-tables';
import { booleanField, choiceField, listField, optionalField, uuidField } from './testing/field-expectations';

const hold = {
  roomId: uuidField,
  participantId: optionalField(uuidField),
  kinds: listField(choiceField(MEDIA_KINDS), 1, MEDIA_KINDS.length),
};

describeDtoModule(contracts, {
  CallHoldDto: hold,
  CallAllowDto: { ...hold, ask: optionalField(booleanField) },
  CallRemoveDto: { roomId: uuidField, participantId: uuidField },
  CallReadmitDto: { roomId: uuidField, userId: uuidField },
  KnockAnswerDto: { roomId: uuidField, knockId: optionalField(uuidField), admit: booleanField },
  CallHandDto: { raised: booleanField, participantId: optionalField(uuidField) },
  CallReactDto: { reaction: choiceField(contracts.REACTIONS, ['👎', '👍👍', '👍\uFE0F', '❤', '<3']) },
});
