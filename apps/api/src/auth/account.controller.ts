import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ChangePasswordDto,
  ChangeProfileDto,
  DeleteAccountDto,
  PageQueryDto,
  SessionsDto,
  UserDto,
} from '@webcall/contracts';
import { CurrentUser } from '../platform/access/current-user';
import type { Principal } from '../platform/access/principal';
import { CurrentClient, type RequestClient } from '../platform/http/current-client';
import { Errors } from '../platform/http/errors.decorator';
import { IdPipe } from '../platform/http/input.pipe';
import { UseLimits } from '../platform/throttling/limit.guard';
import { AccountService } from './account.service';
import { NEW_PASSWORD_REFUSALS } from './password-policy';

@ApiTags('Account')
@Controller('auth')
export class AccountController {
  constructor(private readonly account: AccountService) {}

  /** Returns your own user. */
  @Get('me')
  @Errors()
  getOwnAccount(@CurrentUser() who: Principal): Promise<UserDto> {
    return this.account.loadOwnUser(who);
  }

  /** Changes your username, e-mail or both. Needs your password. Not for guests. */
  @Patch('me')
  @UseLimits('password')
  @Errors('forbidden', 'wrong_password', 'name_reserved', 'username_taken', 'email_taken', 'too_busy')
  changeProfile(
    @CurrentUser() who: Principal,
    @Body() dto: ChangeProfileDto,
    @CurrentClient() client: RequestClient,
  ): Promise<UserDto> {
    return this.account.updateProfile(who, dto, client);
  }

  /** Changes your password. All your other sessions end. */
  @Post('password')
  @HttpCode(204)
  @UseLimits('password')
  @Errors(...NEW_PASSWORD_REFUSALS, 'forbidden', 'wrong_password', 'too_busy')
  changePassword(
    @CurrentUser() who: Principal,
    @Body() dto: ChangePasswordDto,
    @CurrentClient() client: RequestClient,
  ): Promise<void> {
    return this.account.replacePassword(who, dto, client);
  }

  /** Lists your sessions, the most recently used first, a page at a time. */
  @Get('sessions')
  @Errors()
  listOwnSessions(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<SessionsDto> {
    return this.account.loadSessionPage(who, query);
  }

  /** Ends all your sessions but this one: those devices have to sign in again. */
  @Delete('sessions')
  @HttpCode(204)
  @Errors()
  endOtherSessions(@CurrentUser() who: Principal): Promise<void> {
    return this.account.endOtherSessions(who);
  }

  /** Ends one of your sessions: that device has to sign in again. */
  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Errors('session_not_found')
  endOwnSession(
    @CurrentUser() who: Principal,
    @Param('sessionId', new IdPipe('session_not_found')) sessionId: string,
  ): Promise<void> {
    return this.account.endUserSession(who, sessionId);
  }

  /**
   * Deletes your account. Rooms that you own get a new owner or end. Your messages stay without your name; entries of
   * past calls keep it.
   */
  @Delete('me')
  @HttpCode(204)
  @UseLimits('password')
  @Errors('forbidden', 'wrong_password', 'too_busy')
  deleteOwnAccount(
    @CurrentUser() who: Principal,
    @Body() dto: DeleteAccountDto,
    @CurrentClient() client: RequestClient,
  ): Promise<void> {
    return this.account.deleteAccount(who, dto.password, client);
  }
}
