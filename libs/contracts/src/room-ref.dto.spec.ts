import * as contracts from './room-ref.dto';
import { describeDtoModule } from './testing/dto-tables';
import { uuidField } from './testing/field-expectations';

describeDtoModule(contracts, { RoomRefDto: { roomId: uuidField } });
