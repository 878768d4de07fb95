import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallHistoryDto, PageQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { CallHistory } from './call-history';

@ApiTags('Calls')
@Controller('calls')
export class CallHistoryController {
  constructor(private readonly history: CallHistory) {}

  /** Lists the calls that you have started, joined, missed or declined in your rooms, the latest first. */
  @Get()
  @Errors()
  listPastCalls(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<CallHistoryDto> {
    return this.history.loadCallHistoryPage(who, query);
  }
}
