import { Global, Module } from '@nestjs/common';
import { Background } from './background';
import { Presence } from './presence';
import { Realtime } from './realtime';

/** The sockets: who is connected, what is told to whom, and what every gateway has in common. */
@Global()
@Module({
  providers: [Background, Presence, Realtime],
  exports: [Background, Presence, Realtime],
})
export class RealtimeModule {}
