import { Global, Module } from '@nestjs/common';
import { SEAT_LEASE } from '@webcall/contracts';
import { CallSizes } from '../platform/live/call-sizes';
import { Occupied } from '../platform/realtime/occupied';
import { callMetrics } from './call-metrics';
import { CallRecords } from './call-records';
import { CallUpkeep } from './call-upkeep';
import { CallsGateway } from './calls.gateway';
import { CallsService } from './calls.service';
import { Engaged } from './engaged';
import { LiveCalls } from './live-calls';
import { LocalSeats } from './local-seats';
import { SEAT_LEASE_MS, Seats } from './seats';
import { SignalsService } from './signals.service';

/** Calls: who is in them, and what their participants tell each other. Global for the sake of its ports. */
@Global()
@Module({
  providers: [
    { provide: SEAT_LEASE_MS, useValue: SEAT_LEASE },
    LiveCalls,
    { provide: CallSizes, useExisting: LiveCalls },
    { provide: Occupied, useExisting: Engaged },
    LocalSeats,
    CallRecords,
    Engaged,
    Seats,
    CallUpkeep,
    CallsService,
    SignalsService,
    CallsGateway,
    ...callMetrics,
  ],
  exports: [CallSizes, Occupied],
})
export class CallsModule {}
