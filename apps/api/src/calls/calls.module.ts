import { Global, Module } from '@nestjs/common';
import { SEAT_LEASE } from '@webcall/contracts';
import { HOLD_TIME, RING_TIME } from '@webcall/domain';
import { ChatModule } from '../chat/chat.module';
import { RoomCalls } from '../platform/live/room-calls';
import { Occupied } from '../platform/realtime/occupied';
import { CallHistoryController } from './records/call-history.controller';
import { CallHistory } from './records/call-history';
import { CallJournal } from './records/call-journal';
import { callMetrics } from './records/call-metrics';
import { CallRecords } from './records/call-records';
import { CallUpkeep } from './core/call-upkeep';
import { CallsGateway } from './session/calls.gateway';
import { CallsService } from './session/calls.service';
import { Engaged } from './core/engaged';
import { KnocksGateway } from './knocks/knocks.gateway';
import { KnocksService } from './knocks/knocks.service';
import { linkMetrics, LinkReports } from './signals/link-reports';
import { LiveCalls } from './core/live-calls';
import { LocalSeats } from './core/local-seats';
import { ModerationGateway } from './moderation/moderation.gateway';
import { ModerationService } from './moderation/moderation.service';
import { RingCallees } from './rings/ring-callees';
import { RingClock } from './rings/ring-clock';
import { RingDevices } from './rings/ring-devices';
import { RingRecords } from './rings/ring-records';
import { RING_TIMES, RingTerms, type RingTimes } from './rings/ring-terms';
import { RingUpkeep } from './rings/ring-upkeep';
import { RingsGateway } from './rings/rings.gateway';
import { RingsService } from './rings/rings.service';
import { RoomFollower } from './core/room-follower';
import { SEAT_LEASE_MS, Seats } from './core/seats';
import { ServerController } from './session/server.controller';
import { SignalDelivery } from './signals/signal-delivery';
import { SignalsService } from './signals/signals.service';

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
