import { describeDtos } from '../test/dto-tables';
import { uuid } from '../test/fields';
import * as contracts from './room-ref.dto';

describeDtos(contracts, { RoomRefDto: { roomId: uuid } });
