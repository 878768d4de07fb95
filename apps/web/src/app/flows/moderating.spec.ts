import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Participant, Role } from '@webcall/domain';
import { en } from '../../i18n/en';
import { ApiClient } from '../core/net/api-client';
import { ErrorTexts } from '../core/text/errors';
import { I18n } from '../core/text/i18n';
import { RealtimeClient } from '../core/net/realtime-client';
import { FakeRealtime } from '../core/net/testing/fake-realtime';
import { Dialogs, type Question } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { Moderating } from './moderating';

const carl = (role: Role): Participant => ({
  id: 'c',
  userId: 'carl',
  name: 'Carl',
  role,
  media: { microphone: true, camera: false, screen: false, screenSound: false },
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
});

describe('who is removed', () => {
  let questions: Question[];
  let moderating: Moderating;
  let deleted: string[];
  let realtime: FakeRealtime;

  beforeEach(() => {
    [questions, deleted, realtime] = [[], [], new FakeRealtime()];
    const ask = (question: Question) => Promise.resolve(questions.push(question) > 0);
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { delete: (path: string) => Promise.resolve(deleted.push(path)) } },
        { provide: RealtimeClient, useValue: realtime },
        { provide: Dialogs, useValue: { ask } },
        { provide: I18n, useValue: { t: signal(en) } },
        { provide: ErrorTexts, useValue: {} },
        { provide: Toasts, useValue: {} },
      ],
    });
    moderating = TestBed.inject(Moderating);
  });

  it.each<[Role, string, string]>([
    ['member', en.rooms.removeText, en.moderation.removeFromCallText],
    ['guest', en.rooms.removeGuestText, en.moderation.removeGuestFromCallText],
  ])('as a %s, is said to come back or not as it is', async (role, fromRoom, fromCall) => {
    await moderating.removeFromRoom('room', carl(role));
    await moderating.act('removeFromCall', 'room', carl(role));
    expect(questions.map(({ text }) => text)).toEqual([fromRoom, fromCall]);
    expect(deleted).toEqual(['/rooms/room/members/carl']);
    expect(realtime.dataOf('call:remove')).toEqual([{ roomId: 'room', participantId: 'c' }]);
  });
});
