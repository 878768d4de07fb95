import { Global, Module } from '@nestjs/common';
import { SEAT_LEASE } from '@webcall/contracts';
import { HOLD_TIME, RING_TIME } from '@webcall/domain';
import { ChatModule } from '../chat/chat.module';
import { RoomCalls } from '../platform/live/room-calls';
import { Occupied } from '../platform/realtime/occupied';
import { CallHistoryController } from './call-history.controller';
import { CallHistory } from './call-history';
import { CallJournal } from './call-journal';
import { callMetrics } from './call-metrics';
import { CallRecords } from './call-records';
import { CallUpkeep } from './call-upkeep';
import { CallsGateway } from './calls.gateway';
import { CallsService } from './calls.service';
import { Engaged } from './engaged';
import { KnocksGateway } from './knocks.gateway';
import { KnocksService } from './knocks.service';
import { linkMetrics, LinkReports } from './link-reports';
import { LiveCalls } from './live-calls';
import { LocalSeats } from './local-seats';
import { ModerationGateway } from './moderation.gateway';
import { ModerationService } from './moderation.service';
import { RingCallees } from './ring-callees';
import { RingClock } from './ring-clock';
import { RingDevices } from './ring-devices';
import { RingRecords } from './ring-records';
import { RING_TIMES, RingTerms, type RingTimes } from './ring-terms';
import { RingUpkeep } from './ring-upkeep';
import { RingsGateway } from './rings.gateway';
import { RingsService } from './rings.service';
import { RoomFollower } from './room-follower';
import { SEAT_LEASE_MS, Seats } from './seats';
import { ServerController } from './server.controller';
import { SignalDelivery } from './signal-delivery';
import { SignalsService } from './signals.service';

/** Calls: who is in them, and what their participants tell each other. Global for the sake of its ports. */
@Global()
@Module({
  imports: [ChatModule],
  controllers: [CallHistoryController, ServerController],
  providers: [
    { provide: SEAT_LEASE_MS, useValue: SEAT_LEASE },
    { provide: RING_TIMES, useValue: { ring: RING_TIME, hold: HOLD_TIME } satisfies RingTimes },
    LiveCalls,
    { provide: RoomCalls, useExisting: LiveCalls },
    { provide: Occupied, useExisting: Engaged },
    LocalSeats,
    CallRecords,
    RingRecords,
    CallJournal,
    CallHistory,
    Engaged,
    Seats,
    CallUpkeep,
    CallsService,
    SignalDelivery,
    SignalsService,
    LinkReports,
    CallsGateway,
    ModerationService,
    ModerationGateway,
    KnocksService,
    KnocksGateway,
    RoomFollower,
    RingCallees,
    RingTerms,
    RingClock,
    RingDevices,
    RingUpkeep,
    RingsService,
    RingsGateway,
    ...callMetrics,
    ...linkMetrics,
  ],
  exports: [RoomCalls, Occupied],
})
export class CallsModule {}
