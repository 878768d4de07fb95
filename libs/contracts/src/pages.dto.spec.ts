import { PROTOCOL_LIMITS } from './limits';
import * as contracts from './pages.dto';
import { describeDtoModule } from './testing/dto-tables';
import { optionalField, queryNumberField, textField } from './testing/field-expectations';

const limit = optionalField(queryNumberField(1, PROTOCOL_LIMITS.page.max));

describeDtoModule(contracts, {
  PageLimitDto: { limit },
  PageQueryDto: { cursor: optionalField(textField(0, 500)), limit },
});
