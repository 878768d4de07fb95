import { describeDtos } from './testing/dto-tables';
import { list, optional, uuid } from './testing/fields';
import { LIMITS } from './limits';
import * as contracts from './rings.dto';

describeDtos(contracts, {
  RingStartDto: { roomId: uuid, id: optional(uuid), userIds: optional(list(uuid, 0, LIMITS.ring.maxUsers)) },
  RingRefDto: { roomId: uuid, ringId: uuid },
  RingCancelDto: { roomId: uuid, ringId: uuid, userId: optional(uuid) },
});
