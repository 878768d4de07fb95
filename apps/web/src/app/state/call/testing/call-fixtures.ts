import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { CallChangedEvent, CallJoinedDto } from '@webcall/contracts';
import type { CallChange, MediaKind, MediaState, Participant } from '@webcall/domain';
import { CallSession } from '../call-session';
import { CALL_TRANSPORT } from '../call-transport';
import { LocalMedia } from '../../media/local-media';
import { RealtimeClient } from '../../../core/net/realtime-client';
import { SeatKeeper } from '../seat-keeper';
import { Session } from '../../../core/session/session';
import type { FakeRealtime } from '../../../core/net/testing/fake-realtime';
import { FakeTransport } from './fake-transport';

export const ROOM = 'room';
export const OFF: MediaState = { microphone: false, camera: false, screen: false, screenSound: false };
export const NOBODY_ELSE = { rings: [], knocks: [], barred: [] };
export const person = (id: string): Participant => ({
  id,
  userId: `user ${id}`,
  name: id,
  role: 'member',
  media: OFF,
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
});
export const joined = (version: number, others: string[], more: Partial<CallJoinedDto> = {}): CallJoinedDto => ({
  callId: 'call',
  roomId: ROOM,
  version,
  durationMs: 5000,
  participants: others.map(person),
  ...NOBODY_ELSE,
  self: person('me'),
  participantId: 'me',
  resumeKey: 'key',
  iceServers: [],
  iceServersEndInMs: null,
  ...more,
});
export const changed = (version: number, change: CallChange): CallChangedEvent => ({
  roomId: ROOM,
  callId: 'call',
  version,
  change,
});
export const arrives = (version: number, id: string) => changed(version, { type: 'joined', participant: person(id) });

/** The own devices as the person left them. */
export class FakeMedia {
  readonly state = signal<MediaState>({ ...OFF, microphone: true });
  readonly on = signal({ microphone: true, camera: false });
  readonly tracks = signal<Record<MediaKind, MediaStreamTrack | null>>({
    microphone: { id: 'mic' } as MediaStreamTrack,
    camera: null,
    screen: null,
    screenSound: null,
  });
  readonly close = jest.fn();
  readonly stopSharing = jest.fn();
  readonly hold = jest.fn();
  readonly want = jest.fn();
  readonly openWanted = jest.fn(() => Promise.resolve());
}

/** A CallSession among these; `lockFree`: no other tab of the browser has the seat. */
export function startSession({
  realtime,
  media,
  transports,
  lockFree,
}: {
  realtime: FakeRealtime;
  media: FakeMedia;
  transports: FakeTransport[];
  lockFree: boolean;
}): CallSession {
  TestBed.configureTestingModule({
    providers: [
      { provide: RealtimeClient, useValue: realtime },
      { provide: LocalMedia, useValue: media },
      { provide: Session, useValue: { user: () => ({ id: 'user me' }) } },
      {
        provide: CALL_TRANSPORT,
        useValue: (options: FakeTransport['options']) => {
          const transport = new FakeTransport(options);
          transports.push(transport);
          return transport;
        },
      },
    ],
  });
  jest.spyOn(TestBed.inject(SeatKeeper), 'claim').mockImplementation(() => Promise.resolve(lockFree));
  return TestBed.inject(CallSession);
}
