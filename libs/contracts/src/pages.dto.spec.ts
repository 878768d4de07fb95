import { describeDtos } from './testing/dto-tables';
import { optional, queried, text } from './testing/fields';
import { LIMITS } from './limits';
import * as contracts from './pages.dto';

describeDtos(contracts, {
  PageQueryDto: { cursor: optional(text(0, 500)), limit: optional(queried(1, LIMITS.page.max)) },
});
