import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PageQueryDto, RemovalsDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Answers } from '../../platform/http/answers';
import { IdPipe } from '../../platform/http/id.pipe';
import { RemovalsService } from './removals.service';

const roomId = new IdPipe('room_not_found');
const userId = new IdPipe('removal_not_found');

@ApiTags('Members')
@Controller('rooms/:roomId/removals')
export class RemovalsController {
  constructor(private readonly removals: RemovalsService) {}

  /** Lists the users who were taken out of a room and cannot come back, the newest first, a page at a time. For moderators. */
  @Get()
  @Answers('forbidden', 'room_not_found')
  list(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Query() query: PageQueryDto,
  ): Promise<RemovalsDto> {
    return this.removals.list(who, id, query);
  }

  /** Lets a user come back into a room who was taken out of it. For moderators. */
  @Delete(':userId')
  @HttpCode(204)
  @Answers('forbidden', 'room_not_found', 'removal_not_found')
  undo(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Param('userId', userId) user: string,
  ): Promise<void> {
    return this.removals.undo(who, id, user);
  }
}
