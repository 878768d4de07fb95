import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { InvitationPreviewDto, JoinAsGuestDto, RoomDto, SignedInDto } from '@webcall/contracts';
import { CurrentUser } from '../../platform/access/current-user';
import { OwnPagesGuard } from '../../platform/access/own-pages.guard';
import type { Principal } from '../../platform/access/principal';
import { setRefreshCookie } from '../../platform/access/refresh-cookie';
import { Answers, PublicAnswers } from '../../platform/http/answers';
import { type Client, CurrentClient } from '../../platform/http/current-client';
import { Limit } from '../../platform/throttling/limit.guard';
import { signedInDto } from '../../users/users.service';
import { InvitationsService } from './invitations.service';
import { JoiningService } from './joining.service';

const INVITATION_REFUSALS = [
  'invitation_not_found',
  'invitation_expired',
  'invitation_used_up',
  'invitation_revoked',
] as const;

@ApiTags('Invitations')
@Controller('invitations/:code')
export class JoiningController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly joining: JoiningService,
  ) {}

  /** Shows what an invitation leads to. */
  @Get()
  @Limit('invitation')
  @PublicAnswers(...INVITATION_REFUSALS)
  preview(@Param('code') code: string): Promise<InvitationPreviewDto> {
    return this.invitations.preview(code);
  }

  /** Joins by an invitation, with an account. Who was removed from the room has to be let back by a moderator first. */
  @Post('join')
  @HttpCode(200)
  @Answers('forbidden', 'removed_from_room', 'room_locked', ...INVITATION_REFUSALS)
  join(@CurrentUser() who: Principal, @Param('code') code: string): Promise<RoomDto> {
    return this.joining.join(who, code);
  }

  /**
   * Joins by an invitation for guests, with only a name, which looks like none that a member with an account has. Leaving
   * the room or signing out ends the guest. A guest who was removed cannot be recognised: to keep them out, withdraw the
   * invitation or lock the room. `quota_reached` is about the guests of whoever made the invitation.
   */
  @Post('guest')
  @Limit('guest')
  @UseGuards(OwnPagesGuard)
  @PublicAnswers('forbidden', 'name_reserved', 'name_taken', 'room_locked', 'quota_reached', ...INVITATION_REFUSALS)
  async joinAsGuest(
    @Param('code') code: string,
    @Body() dto: JoinAsGuestDto,
    @CurrentClient() client: Client,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const signedIn = await this.joining.joinAsGuest(code, dto.name, client.device);
    setRefreshCookie(request, response, signedIn.session.refreshToken);
    return signedInDto(signedIn);
  }
}
