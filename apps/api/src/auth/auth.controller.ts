import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiCookieAuth, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { LoginDto, RefreshDto, RegisterDto, ResetPasswordDto, SignedInDto } from '@webcall/contracts';
import { OwnPagesGuard } from '../platform/access/own-pages.guard';
import { clearRefreshCookie, refreshCookie, setRefreshCookie } from '../platform/access/refresh-cookie';
import { AppError } from '../platform/http/app-error';
import { PublicAnswers } from '../platform/http/answers';
import { type Client, CurrentClient } from '../platform/http/current-client';
import { Limit } from '../platform/throttling/limit.guard';
import { type SignedIn, signedInDto } from '../users/users.service';
import { AuthService } from './auth.service';
import { NEW_PASSWORD_REFUSALS } from './new-password';
import { PasswordReset } from './password-reset';

@ApiTags('Sign-in')
@Controller('auth')
@UseGuards(OwnPagesGuard)
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly passwords: PasswordReset,
  ) {}

  /** Makes an account and signs it in. The refresh token comes in the cookie. */
  @Post('register')
  @Limit('register')
  @PublicAnswers(
    ...NEW_PASSWORD_REFUSALS,
    'forbidden',
    'registration_code_wrong',
    'name_reserved',
    'username_taken',
    'email_taken',
    'too_busy',
  )
  async register(
    @Body() dto: RegisterDto,
    @CurrentClient() client: Client,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    return answer(await this.auth.register(dto, client), request, response);
  }

  /**
   * Signs in, by e-mail or username. The refresh token comes in the cookie. On `quota_reached` too many devices are signed
   * in: sign one out on another device, or have all of them signed out by a reset link.
   */
  @Post('login')
  @HttpCode(200)
  @Limit('login:attempt')
  @PublicAnswers('invalid_credentials', 'forbidden', 'quota_reached', 'too_busy')
  async login(
    @Body() dto: LoginDto,
    @CurrentClient() client: Client,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    return answer(await this.auth.login(dto, client), request, response);
  }

  /** Exchanges the refresh token in the cookie for the next one, and gives a new access token. */
  @Post('refresh')
  @HttpCode(200)
  @Limit('refresh')
  @ApiCookieAuth()
  @PublicAnswers('unauthorized', 'session_ended', 'forbidden')
  async refresh(
    @Body() dto: RefreshDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const signedIn = await this.auth.refresh(refreshCookie(request), dto.attempt).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'session_ended') clearRefreshCookie(request, response);
      throw error;
    });
    return answer(signedIn, request, response);
  }

  /**
   * Sets a new password by a reset link, which the person who runs the server makes. All sessions of the user end. The
   * link works once, for 30 minutes, and until a newer one is made or the password is changed.
   */
  @Post('reset-password')
  @HttpCode(204)
  @Limit('reset')
  @PublicAnswers(...NEW_PASSWORD_REFUSALS, 'reset_link_invalid', 'forbidden', 'too_busy')
  resetPassword(@Body() dto: ResetPasswordDto, @CurrentClient() client: Client): Promise<void> {
    return this.passwords.reset(dto, client);
  }

  /** Signs out: the session ends at once. For a guest that is the end of the guest. */
  @Post('logout')
  @HttpCode(204)
  @Limit('refresh')
  @ApiCookieAuth()
  @PublicAnswers('forbidden')
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    clearRefreshCookie(request, response);
    await this.auth.logout(refreshCookie(request));
  }
}

function answer(signedIn: SignedIn, request: Request, response: Response): SignedInDto {
  setRefreshCookie(request, response, signedIn.session.refreshToken);
  return signedInDto(signedIn);
}
