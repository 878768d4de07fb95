import { PROTOCOL_LIMITS } from './limits';
import * as contracts from './rings.dto';
import { describeDtoModule } from './testing/dto-tables';
import { listField, optionalField, uuidField } from './testing/field-expectations';

describeDtoModule(contracts, {
  RingStartDto: {
    roomId: uuidField,
    id: optionalField(uuidField),
    userIds: optionalField(listField(uuidField, 0, PROTOCOL_LIMITS.ring.maxUsers)),
  },
  RingRefDto: { roomId: uuidField, ringId: uuidField },
  RingCancelDto: { roomId: uuidField, ringId: uuidField, userId: optionalField(uuidField) },
});
