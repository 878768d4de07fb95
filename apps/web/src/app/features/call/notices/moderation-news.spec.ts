import { LiveAnnouncer } from '@angular/cdk/a11y';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { en } from '../../../../i18n/en';
import { CallSession } from '../../../state/call/call-session';
import { CallSigns, type ShownReaction } from '../../../state/call/call-signs';
import { I18n } from '../../../core/text/i18n';
import { LocalMedia } from '../../../state/media/local-media';
import { RealtimeClient } from '../../../core/net/realtime-client';
import { Ringer } from '../../../state/rings/ringer';
import { RoomList } from '../../../state/rooms/room-list';
import { FakeRealtime, settled } from '../../../core/net/testing/fake-realtime';
import { Moderating } from '../../../flows/moderating';
import { Dialogs, type Question } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';
import { ModerationNews } from './moderation-news';

const ROOM = 'room';

describe('ModerationNews', () => {
  let realtime: FakeRealtime;
  let said: string[];
  let knocked: string[];
  let toasts: string[];
  let endedHere: boolean;
  let questions: Question[];
  let answer: (yes: boolean) => void;
  const role = signal<'moderator' | 'member'>('moderator');
  const [hands, knocks] = [signal<{ id: string; name: string }[]>([]), signal<{ id: string; name: string }[]>([])];
  const kind = signal<'group' | 'direct'>('group');
  const reactions = signal<ShownReaction[]>([]);
  const others = signal([{ id: 'c', name: 'carl' }]);
  const stay = { roomId: ROOM, selfId: 'me', self: () => ({ role: role() }), hands, knocks, others };
  const active = signal<typeof stay | null>(null);
  const set = jest.fn<(kind: string, on: boolean) => Promise<void>>();
  const ask = (kinds: ('microphone' | 'camera')[] = ['microphone']) =>
    realtime.emit('call:asked', { roomId: ROOM, by: 'Anna', kinds });

  beforeEach(() => {
    realtime = new FakeRealtime();
    [said, knocked, questions, toasts] = [[], [], [], []];
    endedHere = false;
    kind.set('group');
    role.set('moderator');
    hands.set([]);
    knocks.set([]);
    reactions.set([]);
    active.set(stay);
    set.mockReset().mockResolvedValue();
    const dialogs = {
      ask: (question: Question) => {
        questions.push(question);
        return new Promise<boolean>((resolve) => (answer = resolve));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        ModerationNews,
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: { active } },
        { provide: CallSigns, useValue: { reactions } },
        { provide: LocalMedia, useValue: { on: () => ({ microphone: false, camera: true }), set } },
        { provide: Ringer, useValue: { knock: (roomId: string) => knocked.push(roomId) } },
        { provide: Dialogs, useValue: dialogs },
        { provide: RoomList, useValue: { rooms: () => [{ id: ROOM, kind: kind() }] } },
        { provide: Toasts, useValue: { show: (text: string) => toasts.push(text) } },
        { provide: Moderating, useValue: { wasEndedHere: () => endedHere } },
        { provide: LiveAnnouncer, useValue: { announce: (text: string) => said.push(text) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    TestBed.inject(ModerationNews);
  });

  it('asks what a moderator asks, and turns nothing on before the person agrees', async () => {
    ask();
    ask();
    expect(questions.map(({ title }) => title)).toEqual(['Anna asks you to unmute']);
    expect(set).not.toHaveBeenCalled();
    answer(true);
    await settled();
    expect(set).toHaveBeenCalledWith('microphone', true);
  });

  it('leaves off what the person leaves off, what is on already, and everything after the call', async () => {
    ask();
    answer(false);
    await settled();
    ask(['camera']);
    expect(questions).toHaveLength(1);
    ask();
    active.set(null);
    answer(true);
    await settled();
    expect(set).not.toHaveBeenCalled();
  });

  it('tells of hands and reactions of the others, each once', () => {
    hands.set([{ id: 'me', name: 'me' }]);
    TestBed.tick();
    hands.set([
      { id: 'me', name: 'me' },
      { id: 'c', name: 'carl' },
    ]);
    TestBed.tick();
    reactions.set([{ key: 1, participantId: 'c', reaction: '👏' }]);
    TestBed.tick();
    expect(said).toEqual(['carl raised a hand', 'carl: applause']);
  });

  it('tells whoever did not do it that the call was ended for everyone, and nobody of a call between two', () => {
    TestBed.tick();
    const end = (participantId: string, reason: 'ended' | 'left' = 'ended'): void =>
      realtime.emit('call:changed', {
        roomId: ROOM,
        callId: 'call',
        version: 9,
        change: { type: 'left', participantId, reason },
      });
    end('c');
    end('me', 'left');
    endedHere = true;
    end('me');
    endedHere = false;
    kind.set('direct');
    end('me');
    expect(toasts).toEqual([]);
    kind.set('group');
    end('me');
    expect(toasts).toEqual([en.moderation.endedForAll]);
  });

  it('tells moderators alone who waits at the door', () => {
    knocks.set([{ id: 'k', name: 'dora' }]);
    TestBed.tick();
    expect(said).toEqual(['dora wants to join']);
    expect(knocked).toEqual([ROOM]);
    role.set('member');
    knocks.set([{ id: 'l', name: 'emil' }]);
    TestBed.tick();
    expect([said, knocked].map(({ length }) => length)).toEqual([1, 1]);
  });
});
