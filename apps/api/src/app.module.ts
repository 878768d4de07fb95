import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module';
import { CallsModule } from './calls/calls.module';
import { ChatModule } from './chat/chat.module';
import type { AppConfig } from './config/app-config';
import { ConfigModule } from './config/config.module';
import { ContactsModule } from './contacts/contacts.module';
import { EncryptionModule } from './encryption/encryption.module';
import { AccessModule } from './platform/access/access.module';
import { DatabaseModule } from './platform/database/database.module';
import { EventsModule } from './platform/events/events.module';
import { HealthModule } from './platform/health/health.module';
import { LingeringConnections } from './platform/http/lingering-connections';
import { JobsModule } from './platform/jobs/jobs.module';
import { LiveModule } from './platform/live/live.module';
import { createLoggingModule } from './platform/logging/logging.module';
import { MetricsModule } from './platform/metrics/metrics.module';
import { RealtimeModule } from './platform/realtime/realtime.module';
import { RedisModule } from './platform/redis/redis.module';
import { ThrottlingModule } from './platform/throttling/throttling.module';
import { RoomsModule } from './rooms/rooms.module';

/** The root module, which lists all modules of the server. */
@Module({})
export class AppModule {
  static withConfig(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      providers: [LingeringConnections],
      imports: [
        ConfigModule.provideConfig(config),
        createLoggingModule(config),
        MetricsModule,
        HealthModule,
        DatabaseModule,
        EventsModule,
        JobsModule,
        RedisModule,
        LiveModule,
        // Global guards run in this order: the limits need to know the user that the access guard finds.
        AccessModule,
        ThrottlingModule,
        RealtimeModule,

        AuthModule,
        RoomsModule,
        ContactsModule,
        ChatModule,
        CallsModule,
        EncryptionModule,
      ],
    };
  }
}
