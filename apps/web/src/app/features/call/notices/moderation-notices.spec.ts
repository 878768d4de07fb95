import { LiveAnnouncer } from '@angular/cdk/a11y';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { en } from '../../../../i18n/en';
import { RealtimeClient } from '../../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../../core/net/testing/fake-realtime';
import { I18n } from '../../../core/text/i18n';
import { ModeratorControls } from '../../../flows/moderator-controls';
import { CallReactions, type ShownReaction } from '../../../state/call/call-reactions';
import { CallSession } from '../../../state/call/call-session';
import { LocalMedia } from '../../../state/media/local-media';
import { Ringer } from '../../../state/rings/ringer';
import { RoomList } from '../../../state/rooms/room-list';
import { type ConfirmationQuestion, Dialogs } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';
import { ModerationNotices } from './moderation-notices';

const ROOM = 'room';

describe('ModerationNotices', () => {
  let realtime: FakeRealtime;
  let announced: string[];
  let knocked: string[];
  let toasts: string[];
  let endedHere: boolean;
  let questions: ConfirmationQuestion[];
  let answer: (yes: boolean) => void;
  const role = signal<'moderator' | 'member'>('moderator');
  const [hands, knocks] = [signal<{ id: string; name: string }[]>([]), signal<{ id: string; name: string }[]>([])];
  const kind = signal<'group' | 'direct'>('group');
  const reactions = signal<ShownReaction[]>([]);
  const others = signal([{ id: 'c', name: 'carl' }]);
  const activeCall = { roomId: ROOM, selfId: 'me', self: () => ({ role: role() }), hands, knocks, others };
  const active = signal<typeof activeCall | null>(null);
  const set = jest.fn<(kind: string, on: boolean) => Promise<void>>();
  const ask = (kinds: ('microphone' | 'camera')[] = ['microphone']) =>
    realtime.emitServerEvent('call:asked', { roomId: ROOM, by: 'Anna', kinds });

  beforeEach(() => {
    realtime = new FakeRealtime();
    [announced, knocked, questions, toasts] = [[], [], [], []];
    endedHere = false;
    kind.set('group');
    role.set('moderator');
    hands.set([]);
    knocks.set([]);
    reactions.set([]);
    active.set(activeCall);
    set.mockReset().mockResolvedValue();
    const dialogs = {
      askConfirmation: (question: ConfirmationQuestion) => {
        questions.push(question);
        return new Promise<boolean>((resolve) => (answer = resolve));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        ModerationNotices,
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: { active } },
        { provide: CallReactions, useValue: { reactions } },
        { provide: LocalMedia, useValue: { on: () => ({ microphone: false, camera: true }), setDeviceEnabled: set } },
        { provide: Ringer, useValue: { playKnockTone: (roomId: string) => knocked.push(roomId) } },
        { provide: Dialogs, useValue: dialogs },
        { provide: RoomList, useValue: { findRoom: () => ({ id: ROOM, kind: kind() }) } },
        { provide: Toasts, useValue: { showToast: (text: string) => toasts.push(text) } },
        { provide: ModeratorControls, useValue: { takeEndedHere: () => endedHere } },
        { provide: LiveAnnouncer, useValue: { announce: (text: string) => announced.push(text) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    TestBed.inject(ModerationNotices);
  });

  it('forwards a device request of a moderator, and turns nothing on before the user agrees', async () => {
    ask();
    ask();
    expect(questions.map(({ title }) => title)).toEqual(['Anna asks you to unmute']);
    expect(set).not.toHaveBeenCalled();
    answer(true);
    await flushPromises();
    expect(set).toHaveBeenCalledWith('microphone', true);
  });

  it('ignores requests that are declined, already fulfilled, or from an ended call', async () => {
    ask();
    answer(false);
    await flushPromises();
    ask(['camera']);
    expect(questions).toHaveLength(1);
    ask();
    active.set(null);
    answer(true);
    await flushPromises();
    expect(set).not.toHaveBeenCalled();
  });

  it('announces hands and reactions of other participants, each once', () => {
    hands.set([{ id: 'me', name: 'me' }]);
    TestBed.tick();
    hands.set([
      { id: 'me', name: 'me' },
      { id: 'c', name: 'carl' },
    ]);
    TestBed.tick();
    reactions.set([{ key: 1, participantId: 'c', reaction: '👏' }]);
    TestBed.tick();
    expect(announced).toEqual(['carl raised a hand', 'carl: applause']);
  });

  it('announces the end for everyone, except to its author and in direct rooms', () => {
    TestBed.tick();
    const end = (participantId: string, reason: 'ended' | 'left' = 'ended'): void =>
      realtime.emitServerEvent('call:changed', {
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

  it('announces waiting knocks to moderators only', () => {
    knocks.set([{ id: 'k', name: 'dora' }]);
    TestBed.tick();
    expect(announced).toEqual(['dora wants to join']);
    expect(knocked).toEqual([ROOM]);
    role.set('member');
    knocks.set([{ id: 'l', name: 'emil' }]);
    TestBed.tick();
    expect([announced, knocked].map(({ length }) => length)).toEqual([1, 1]);
  });
});
