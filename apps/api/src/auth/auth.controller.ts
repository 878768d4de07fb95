import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiCookieAuth, ApiTags } from '@nestjs/swagger';
import { LoginDto, RefreshDto, RegisterDto, ResetPasswordDto, SignedInDto } from '@webcall/contracts';
import type { Request, Response } from 'express';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from '../platform/access/refresh-cookie';
import { TrustedOriginGuard } from '../platform/access/trusted-origin.guard';
import { AppError } from '../platform/http/app-error';
import { CurrentClient, type RequestClient } from '../platform/http/current-client';
import { PublicErrors } from '../platform/http/errors.decorator';
import { UseLimits } from '../platform/throttling/limit.guard';
import { type SignedInUser, toSignedInDto } from '../users/users.service';
import { AuthService } from './auth.service';
import { NEW_PASSWORD_REFUSALS } from './password-policy';
import { PasswordReset } from './password-reset';

@ApiTags('Sign-in')
@Controller('auth')
@UseGuards(TrustedOriginGuard)
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly passwords: PasswordReset,
  ) {}

  /** Creates an account and signs it in. The refresh token comes in the cookie. */
  @Post('register')
  @UseLimits('register')
  @PublicErrors(
    ...NEW_PASSWORD_REFUSALS,
    'origin_refused',
    'registration_code_wrong',
    'name_reserved',
    'username_taken',
    'email_taken',
    'too_busy',
  )
  async registerAccount(
    @Body() dto: RegisterDto,
    @CurrentClient() client: RequestClient,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    return toSignedInResponse(await this.auth.registerAndSignIn(dto, client), request, response);
  }

  /**
   * Signs in, by e-mail or username. The refresh token comes in the cookie. `quota_reached` means that too many devices
   * are signed in: sign one out on another device, or sign all of them out by a reset link.
   */
  @Post('login')
  @HttpCode(200)
  @UseLimits('login:attempt')
  @PublicErrors('invalid_credentials', 'origin_refused', 'quota_reached', 'too_busy')
  async signInWithPassword(
    @Body() dto: LoginDto,
    @CurrentClient() client: RequestClient,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    return toSignedInResponse(await this.auth.startAccountSession(dto, client), request, response);
  }

  /** Exchanges the refresh token in the cookie for the next one, and gives a new access token. */
  @Post('refresh')
  @HttpCode(200)
  @UseLimits('refresh')
  @ApiCookieAuth()
  @PublicErrors('unauthorized', 'session_ended', 'origin_refused')
  async refreshSession(
    @Body() dto: RefreshDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const signedIn = await this.auth
      .rotateSessionTokens(readRefreshCookie(request), dto.attempt)
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'session_ended') clearRefreshCookie(request, response);
        throw error;
      });
    return toSignedInResponse(signedIn, request, response);
  }

  /**
   * Sets a new password by a reset link, which the server's administrator creates. All sessions of the user end. The
   * link works once, for 30 minutes, until a newer one is created or the password is changed.
   */
  @Post('reset-password')
  @HttpCode(204)
  @UseLimits('reset')
  @PublicErrors(...NEW_PASSWORD_REFUSALS, 'reset_link_invalid', 'origin_refused', 'too_busy')
  resetPassword(@Body() dto: ResetPasswordDto, @CurrentClient() client: RequestClient): Promise<void> {
    return this.passwords.setPasswordByLink(dto, client);
  }

  /** Signs out: the session ends at once. A guest is deleted. */
  @Post('logout')
  @HttpCode(204)
  @UseLimits('refresh')
  @ApiCookieAuth()
  @PublicErrors('origin_refused')
  async signOutSession(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    clearRefreshCookie(request, response);
    await this.auth.endSessionByToken(readRefreshCookie(request));
  }
}

function toSignedInResponse(signedIn: SignedInUser, request: Request, response: Response): SignedInDto {
  setRefreshCookie(request, response, signedIn.session.refreshToken);
  return toSignedInDto(signedIn);
}
