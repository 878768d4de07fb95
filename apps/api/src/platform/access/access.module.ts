import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AccessGuard } from './access.guard';
import { AccessTokens } from './access-tokens';
import { OwnPagesGuard } from './own-pages.guard';
import { Quotas } from './quotas';
import { RefreshToken } from './refresh-token.entity';
import { Session } from './session.entity';
import { Sessions } from './sessions';

/** Who asks, and how much they may have: access tokens, sessions, quotas, and the guard in front of every REST handler. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([RefreshToken, Session]),
    JwtModule.registerAsync({
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => ({ secret: config.jwtSecret, signOptions: { algorithm: 'HS256' } }),
    }),
  ],
  providers: [AccessTokens, OwnPagesGuard, Quotas, Sessions, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [AccessTokens, OwnPagesGuard, Quotas, Sessions],
})
export class AccessModule {}
