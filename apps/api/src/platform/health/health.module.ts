import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { HealthController } from './health.controller';
import { ReadinessCheck } from './readiness';

@Module({ imports: [DatabaseModule], controllers: [HealthController], providers: [ReadinessCheck] })
export class HealthModule {}
