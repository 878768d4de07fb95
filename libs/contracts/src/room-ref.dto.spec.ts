import { describeDtos } from './testing/dto-tables';
import { uuid } from './testing/fields';
import * as contracts from './room-ref.dto';

describeDtos(contracts, { RoomRefDto: { roomId: uuid } });
