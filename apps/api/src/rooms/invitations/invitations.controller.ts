import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CreateInvitationDto, InvitationDto, InvitationsDto, PageQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Answers } from '../../platform/http/answers';
import { IdPipe } from '../../platform/http/id.pipe';
import { InvitationsService } from './invitations.service';

const roomId = new IdPipe('room_not_found');
const invitationId = new IdPipe('invitation_not_found');

@ApiTags('Invitations')
@Controller('rooms/:roomId/invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  /** Lists the invitations that still let people in, the newest first, a page at a time. For moderators. */
  @Get()
  @Answers('forbidden', 'room_not_found')
  list(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Query() query: PageQueryDto,
  ): Promise<InvitationsDto> {
    return this.invitations.list(who, id, query);
  }

  /** Makes an invitation. For moderators. Its code is in this answer and nowhere else. */
  @Post()
  @Answers('forbidden', 'room_not_found', 'quota_reached')
  create(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Body() dto: CreateInvitationDto,
  ): Promise<InvitationDto> {
    return this.invitations.create(who, id, dto);
  }

  /** Withdraws an invitation. For moderators. */
  @Delete(':invitationId')
  @HttpCode(204)
  @Answers('forbidden', 'room_not_found', 'invitation_not_found')
  revoke(
    @CurrentUser() who: Principal,
    @Param('roomId', roomId) id: string,
    @Param('invitationId', invitationId) invitation: string,
  ): Promise<void> {
    return this.invitations.revoke(who, id, invitation);
  }
}
