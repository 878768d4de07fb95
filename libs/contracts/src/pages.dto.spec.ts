import { describeDtoModule } from './testing/dto-tables';
import { optionalField, queryNumberField, textField } from './testing/field-expectations';
import { PROTOCOL_LIMITS } from './limits';
import * as contracts from './pages.dto';

describeDtoModule(contracts, {
  PageQueryDto: {
    cursor: optionalField(textField(0, 500)),
    limit: optionalField(queryNumberField(1, PROTOCOL_LIMITS.page.max)),
  },
});
