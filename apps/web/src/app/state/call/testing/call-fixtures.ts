import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallChangedEvent, CallJoinedDto } from '@webcall/contracts';
import type { CallChange, MediaKind, MediaState, Participant } from '@webcall/domain';
import { RealtimeClient } from '../../../core/net/realtime-client';
import type { FakeRealtime } from '../../../core/net/testing/fake-realtime';
import { Session } from '../../../core/session/session';
import { LocalMedia } from '../../media/local-media';
import { CallSession } from '../call-session';
import { CALL_TRANSPORT_FACTORY } from '../call-transport';
import { SeatStorage } from '../seat-storage';
import { FakeTransport } from './fake-transport';

export const FIXTURE_ROOM_ID = 'room';
export const FIXTURE_MEDIA_OFF: MediaState = { microphone: false, camera: false, screen: false, screenSound: false };
export const NO_RINGS_OR_KNOCKS = { rings: [], knocks: [], barred: [] };
export const participantFixture = (id: string): Participant => ({
  id,
  userId: `user ${id}`,
  name: id,
  role: 'member',
  media: FIXTURE_MEDIA_OFF,
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
});
export const callJoinedFixture = (
  version: number,
  others: string[],
  more: Partial<CallJoinedDto> = {},
): CallJoinedDto => ({
  callId: 'call',
  roomId: FIXTURE_ROOM_ID,
  version,
  durationMs: 5000,
  participants: others.map(participantFixture),
  ...NO_RINGS_OR_KNOCKS,
  self: participantFixture(more.participantId ?? 'me'),
  participantId: 'me',
  resumeKey: 'key',
  iceServers: [],
  iceServersEndInMs: null,
  ...more,
});
export const callChangedFixture = (version: number, change: CallChange): CallChangedEvent => ({
  roomId: FIXTURE_ROOM_ID,
  callId: 'call',
  version,
  change,
});
export const participantJoinsFixture = (version: number, id: string) =>
  callChangedFixture(version, { type: 'joined', participant: participantFixture(id) });

/** Replaces LocalMedia in tests, with the microphone on. */
export class FakeLocalMedia {
  readonly state = signal<MediaState>({ ...FIXTURE_MEDIA_OFF, microphone: true });
  readonly on = signal({ microphone: true, camera: false });
  readonly tracks = signal<Record<MediaKind, MediaStreamTrack | null>>({
    microphone: { id: 'mic' } as MediaStreamTrack,
    camera: null,
    screen: null,
    screenSound: null,
  });
  readonly closeLocalMedia = jest.fn();
  readonly stopScreenSharing = jest.fn();
  readonly holdMediaKinds = jest.fn();
  readonly storeWantedDevices = jest.fn();
  readonly openWantedDevices = jest.fn(() => Promise.resolve());
}

/** Creates a CallSession with these fakes; `lockFree`: no other tab of the browser has the seat. */
export function startCallSession({
  realtime,
  media,
  transports,
  lockFree,
}: {
  realtime: FakeRealtime;
  media: FakeLocalMedia;
  transports: FakeTransport[];
  lockFree: boolean;
}): CallSession {
  TestBed.configureTestingModule({
    providers: [
      { provide: RealtimeClient, useValue: realtime },
      { provide: LocalMedia, useValue: media },
      { provide: Session, useValue: { user: () => ({ id: 'user me' }) } },
      {
        provide: CALL_TRANSPORT_FACTORY,
        useValue: (options: FakeTransport['options']) => {
          const transport = new FakeTransport(options);
          transports.push(transport);
          return transport;
        },
      },
    ],
  });
  jest.spyOn(TestBed.inject(SeatStorage), 'acquireSeatLock').mockImplementation(() => Promise.resolve(lockFree));
  return TestBed.inject(CallSession);
}
