import { Global, Module } from '@nestjs/common';
import { SEAT_LEASE_DURATION_MS } from '@webcall/contracts';
import { RING_DURATION_MS, RING_HOLD_MS } from '@webcall/domain';
import { ChatModule } from '../chat/chat.module';
import { CallPresence, RoomCalls } from '../platform/ports';
import { CallRoomSync } from './core/call-room-sync';
import { CallTransitions, SEAT_LEASE_MS } from './core/call-transitions';
import { CallUpkeep } from './core/call-upkeep';
import { LiveCallPresence } from './core/live-call-presence';
import { LiveCalls } from './core/live-calls';
import { LocalSeats } from './core/local-seats';
import { KnocksGateway } from './knocks/knocks.gateway';
import { KnocksService } from './knocks/knocks.service';
import { ModerationGateway } from './moderation/moderation.gateway';
import { ModerationService } from './moderation/moderation.service';
import { CallHistory } from './records/call-history';
import { CallHistoryController } from './records/call-history.controller';
import { CallJournal } from './records/call-journal';
import { callMetricProviders } from './records/call-metrics';
import { CallRecords } from './records/call-records';
import { StaleCalls } from './records/stale-calls';
import { RingBroadcaster } from './rings/ring-broadcaster';
import { RingCallees } from './rings/ring-callees';
import { RING_TIMES, RingDeadlines, type RingTimes } from './rings/ring-deadlines';
import { RingDevices } from './rings/ring-devices';
import { RingExpiry } from './rings/ring-expiry';
import { RingRecords } from './rings/ring-records';
import { RingsGateway } from './rings/rings.gateway';
import { RingsService } from './rings/rings.service';
import { CallsGateway } from './session/calls.gateway';
import { CallsService } from './session/calls.service';
import { ServerController } from './session/server.controller';
import { linkMetricProviders, LinkReports } from './signals/link-reports';
import { SignalDelivery } from './signals/signal-delivery';
import { SignalsService } from './signals/signals.service';

/** Module of calls: their participants, rings, knocks and signals. Global, so that other modules can use its ports. */
@Global()
@Module({
  imports: [ChatModule],
  controllers: [CallHistoryController, ServerController],
  providers: [
    { provide: SEAT_LEASE_MS, useValue: SEAT_LEASE_DURATION_MS },
    { provide: RING_TIMES, useValue: { ring: RING_DURATION_MS, hold: RING_HOLD_MS } satisfies RingTimes },
    LiveCalls,
    { provide: RoomCalls, useExisting: LiveCalls },
    { provide: CallPresence, useExisting: LiveCallPresence },
    LocalSeats,
    CallRecords,
    RingRecords,
    CallJournal,
    StaleCalls,
    CallHistory,
    LiveCallPresence,
    CallTransitions,
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
    CallRoomSync,
    RingCallees,
    RingDeadlines,
    RingExpiry,
    RingDevices,
    RingBroadcaster,
    RingsService,
    RingsGateway,
    ...callMetricProviders,
    ...linkMetricProviders,
  ],
  exports: [RoomCalls, CallPresence],
})
export class CallsModule {}
