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
import { Answers } from '../platform/http/answers';
import { type Client, CurrentClient } from '../platform/http/current-client';
import { IdPipe } from '../platform/http/id.pipe';
import { Limit } from '../platform/throttling/limit.guard';
import { AccountService } from './account.service';
import { NEW_PASSWORD_REFUSALS } from './new-password';

@ApiTags('Account')
@Controller('auth')
export class AccountController {
  constructor(private readonly account: AccountService) {}

  /** Who you are. */
  @Get('me')
  @Answers()
  me(@CurrentUser() who: Principal): Promise<UserDto> {
    return this.account.me(who);
  }

  /** Changes your username, e-mail or both, for which it wants your password. Guests cannot. */
  @Patch('me')
  @Limit('password')
  @Answers('forbidden', 'wrong_password', 'name_reserved', 'username_taken', 'email_taken', 'too_busy')
  changeProfile(
    @CurrentUser() who: Principal,
    @Body() dto: ChangeProfileDto,
    @CurrentClient() client: Client,
  ): Promise<UserDto> {
    return this.account.changeProfile(who, dto, client);
  }

  /** Changes your password. All your other sessions end. */
  @Post('password')
  @HttpCode(204)
  @Limit('password')
  @Answers(...NEW_PASSWORD_REFUSALS, 'forbidden', 'wrong_password', 'too_busy')
  changePassword(
    @CurrentUser() who: Principal,
    @Body() dto: ChangePasswordDto,
    @CurrentClient() client: Client,
  ): Promise<void> {
    return this.account.changePassword(who, dto, client);
  }

  /** Lists your sessions, the last used first, a page at a time. */
  @Get('sessions')
  @Answers()
  sessions(@CurrentUser() who: Principal, @Query() query: PageQueryDto): Promise<SessionsDto> {
    return this.account.listSessions(who, query);
  }

  /** Ends one of your sessions: that device has to sign in again. */
  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Answers('session_not_found')
  endSession(
    @CurrentUser() who: Principal,
    @Param('sessionId', new IdPipe('session_not_found')) sessionId: string,
  ): Promise<void> {
    return this.account.endSession(who, sessionId);
  }

  /** Deletes your account. Rooms that you own pass on or end; your messages stay without your name, entries of past calls keep it. */
  @Delete('me')
  @HttpCode(204)
  @Limit('password')
  @Answers('forbidden', 'wrong_password', 'too_busy')
  delete(@CurrentUser() who: Principal, @Body() dto: DeleteAccountDto, @CurrentClient() client: Client): Promise<void> {
    return this.account.delete(who, dto.password, client);
  }
}
