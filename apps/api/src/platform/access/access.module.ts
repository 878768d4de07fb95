import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { createSecretKey } from 'node:crypto';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AccessTokens } from './access-tokens';
import { AccessGuard } from './access.guard';
import { Quotas } from './quotas';
import { RefreshToken } from './refresh-token.entity';
import { Session } from './session.entity';
import { Sessions } from './sessions';
import { TrustedOriginGuard } from './trusted-origin.guard';

/** Access tokens, sessions, quotas, and the guard in front of every REST handler. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([RefreshToken, Session]),
    JwtModule.registerAsync({
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => ({
        // From a text, the library tries for each token whether it is a public key, which costs more than the signature.
        secret: createSecretKey(config.jwtSecret, 'utf8'),
        signOptions: { algorithm: 'HS256' },
      }),
    }),
  ],
  providers: [AccessTokens, TrustedOriginGuard, Quotas, Sessions, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [AccessTokens, TrustedOriginGuard, Quotas, Sessions],
})
export class AccessModule {}
