import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Participant, Role } from '@webcall/domain';
import { en } from '../../i18n/en';
import { ApiClient } from '../core/net/api-client';
import { RealtimeClient } from '../core/net/realtime-client';
import { FakeApi } from '../core/net/testing/fake-api';
import { FakeRealtime } from '../core/net/testing/fake-realtime';
import { I18n } from '../core/text/i18n';
import { RoomList } from '../state/rooms/room-list';
import { type ConfirmationQuestion, Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { ModeratorControls } from './moderator-controls';

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

describe('the question before a removal', () => {
  let questions: ConfirmationQuestion[];
  let moderating: ModeratorControls;
  let api: FakeApi;
  let realtime: FakeRealtime;

  beforeEach(() => {
    [questions, api, realtime] = [[], new FakeApi(), new FakeRealtime()];
    const ask = (question: ConfirmationQuestion) => Promise.resolve(questions.push(question) > 0);
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: realtime },
        { provide: RoomList, useValue: {} },
        { provide: Dialogs, useValue: { askConfirmation: ask } },
        { provide: I18n, useValue: { t: signal(en) } },
        { provide: Toasts, useValue: {} },
      ],
    });
    moderating = TestBed.inject(ModeratorControls);
  });

  it.each<[Role, string, string]>([
    ['member', en.rooms.removeText, en.moderation.removeFromCallText],
    ['guest', en.rooms.removeGuestText, en.moderation.removeGuestFromCallText],
  ])('says for a %s whether they can come back', async (role, fromRoom, fromCall) => {
    await moderating.confirmRoomRemoval('room', carl(role));
    await moderating.performModeratorAction('removeFromCall', 'room', carl(role));
    expect(questions.map(({ text }) => text)).toEqual([fromRoom, fromCall]);
    expect(api.requestsTo('DELETE /rooms/:roomId/members/:userId')).toEqual([{ roomId: 'room', userId: 'carl' }]);
    expect(realtime.sentDataOf('call:remove')).toEqual([{ roomId: 'room', participantId: 'c' }]);
  });
});
