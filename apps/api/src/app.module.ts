import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module';
import { CallsModule } from './calls/calls.module';
import { ChatModule } from './chat/chat.module';
import type { AppConfig } from './config/app-config';
import { ConfigModule } from './config/config.module';
import { AccessModule } from './platform/access/access.module';
import { ContactsModule } from './contacts/contacts.module';
import { DatabaseModule } from './platform/database/database.module';
import { HealthModule } from './platform/health/health.module';
import { LingeringConnections } from './platform/http/lingering-connections';
import { LiveModule } from './platform/live/live.module';
import { loggingModule } from './platform/logging/logging.module';
import { MetricsModule } from './platform/metrics/metrics.module';
import { RealtimeModule } from './platform/realtime/realtime.module';
import { RedisModule } from './platform/redis/redis.module';
import { ThrottlingModule } from './platform/throttling/throttling.module';
import { RoomsModule } from './rooms/rooms.module';

/** The table of contents. */
@Module({})
export class AppModule {
  static of(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      providers: [LingeringConnections],
      imports: [
        ConfigModule.of(config),
        loggingModule(config),
        MetricsModule,
        HealthModule,
        DatabaseModule,
        RedisModule,
        LiveModule,
        // The guards run in this order: who asks has to be known before what they do is counted.
        AccessModule,
        ThrottlingModule,
        RealtimeModule,

        AuthModule,
        RoomsModule,
        ContactsModule,
        ChatModule,
        CallsModule,
      ],
    };
  }
}
