import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CreateInvitationDto, InvitationDto, InvitationsDto, PageQueryDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { Errors } from '../../platform/http/errors.decorator';
import { IdPipe } from '../../platform/http/input.pipe';
import { InvitationsService } from './invitations.service';

const roomIdPipe = new IdPipe('room_not_found');
const invitationIdPipe = new IdPipe('invitation_not_found');

@ApiTags('Invitations')
@Controller('rooms/:roomId/invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  /**
   * Lists the invitations that can still be used, the newest first, a page at a time. For moderators; plain members of a
   * public room see their own. Their codes must not be compressed, here or by a proxy.
   */
  @Get()
  @Header('Cache-Control', 'no-store, no-transform')
  @Errors('forbidden', 'room_not_found')
  listInvitations(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Query() query: PageQueryDto,
  ): Promise<InvitationsDto> {
    return this.invitations.loadInvitationPage(who, id, query);
  }

  /** Creates an invitation. For moderators; plain members of a public room create some for the role `member`. */
  @Post()
  @Errors('forbidden', 'room_not_found', 'quota_reached')
  createInvitation(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Body() dto: CreateInvitationDto,
  ): Promise<InvitationDto> {
    return this.invitations.issueInvitation(who, id, dto);
  }

  /** Withdraws an invitation. For moderators; plain members of a public room withdraw their own. */
  @Delete(':invitationId')
  @HttpCode(204)
  @Errors('forbidden', 'room_not_found', 'invitation_not_found')
  revokeInvitation(
    @CurrentUser() who: Principal,
    @Param('roomId', roomIdPipe) id: string,
    @Param('invitationId', invitationIdPipe) invitation: string,
  ): Promise<void> {
    return this.invitations.markInvitationRevoked(who, id, invitation);
  }
}
