import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EventBus, eventMetricProviders } from './event-bus';

/** What follows an event: publishers and handlers of domain events, without either knowing the other. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [EventBus, ...eventMetricProviders],
  exports: [EventBus],
})
export class EventsModule {}
