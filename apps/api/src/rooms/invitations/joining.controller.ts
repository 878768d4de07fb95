import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InvitationPreviewDto, JoinAsGuestDto, RoomDto, SignedInDto } from '@webcall/contracts';
import type { Request, Response } from 'express';
import { CurrentUser } from '../../platform/access/current-user';
import type { Principal } from '../../platform/access/principal';
import { setRefreshCookie } from '../../platform/access/refresh-cookie';
import { TrustedOriginGuard } from '../../platform/access/trusted-origin.guard';
import { CurrentClient, type RequestClient } from '../../platform/http/current-client';
import { Errors, PublicErrors } from '../../platform/http/errors.decorator';
import { UseLimits } from '../../platform/throttling/limit.guard';
import { toSignedInDto } from '../../users/users.service';
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

  /** Returns the room and role that an invitation leads to. */
  @Get()
  @UseLimits('invitation')
  @PublicErrors(...INVITATION_REFUSALS)
  previewInvitation(@Param('code') code: string): Promise<InvitationPreviewDto> {
    return this.invitations.loadInvitationPreview(code);
  }

  /** Joins by an invitation, with an account. A user removed from the room has to be let back by a moderator first. */
  @Post('join')
  @HttpCode(200)
  @Errors(
    'forbidden',
    'room_not_found',
    'removed_from_room',
    'room_locked',
    'encrypted_room_full',
    ...INVITATION_REFUSALS,
  )
  joinByInvitation(@CurrentUser() who: Principal, @Param('code') code: string): Promise<RoomDto> {
    return this.joining.joinWithAccount(who, code);
  }

  /**
   * Joins by an invitation for guests, with only a name, which must not look like the name of a member with an account.
   * Leaving the room or signing out deletes the guest. A removed guest cannot be recognised: to keep them out, withdraw
   * the invitation or lock the room. `quota_reached` refers to the guests of the invitation's creator.
   */
  @Post('guest')
  @UseLimits('guest')
  @UseGuards(TrustedOriginGuard)
  @PublicErrors(
    'forbidden',
    'origin_refused',
    'room_not_found',
    'name_reserved',
    'name_taken',
    'room_locked',
    'encrypted_room_full',
    'quota_reached',
    ...INVITATION_REFUSALS,
  )
  async joinRoomAsGuest(
    @Param('code') code: string,
    @Body() dto: JoinAsGuestDto,
    @CurrentClient() client: RequestClient,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const signedIn = await this.joining.joinAsNewGuest(code, dto.name, client.device);
    setRefreshCookie(request, response, signedIn.session.refreshToken);
    return toSignedInDto(signedIn);
  }
}
