import { MEDIA_KINDS } from '@webcall/domain';
import { describeDtos } from './testing/dto-tables';
import { flag, list, oneOf, optional, uuid } from './testing/fields';
import * as contracts from './moderation.dto';

const hold = { roomId: uuid, participantId: optional(uuid), kinds: list(oneOf(MEDIA_KINDS), 1, MEDIA_KINDS.length) };

describeDtos(contracts, {
  CallHoldDto: hold,
  CallAllowDto: { ...hold, ask: optional(flag) },
  CallRemoveDto: { roomId: uuid, participantId: uuid },
  CallReadmitDto: { roomId: uuid, userId: uuid },
  KnockAnswerDto: { roomId: uuid, knockId: optional(uuid), admit: flag },
  CallHandDto: { raised: flag, participantId: optional(uuid) },
  CallReactDto: { reaction: oneOf(contracts.REACTIONS, ['👎', '👍👍', '👍\uFE0F', '❤', '<3']) },
});
