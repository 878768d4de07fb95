import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PageQueryDto, RemovalsDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { RemovalsService } from './removals.service';

const roomIdPipe = new IdPipe('room_not_found');
const removedUserIdPipe = new IdPipe('removal_not_found');

@ApiTags('Members')
@Controller('rooms/:roomId/removals')
export class RemovalsController {
  constructor(private readonly removals: RemovalsService) {}

  /** Lists the users who were removed from a room and cannot come back, newest first, by page. For moderators. */
  @Get()
  @Errors('forbidden', 'room_not_found')
  listRemovedUsers(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() query: PageQueryDto,
  ): Promise<RemovalsDto> {
    return this.removals.loadRemovalPage(who, id, query);
  }

  /** Allows a removed user to come back into a room. For moderators. */
  @Delete(':userId')
  @HttpCode(204)
  @Errors('forbidden', 'room_not_found', 'removal_not_found')
  undoRemoval(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('userId', removedUserIdPipe) user: string,
  ): Promise<void> {
    return this.removals.deleteRemoval(who, id, user);
  }
}
