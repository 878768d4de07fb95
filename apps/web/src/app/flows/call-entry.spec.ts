import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { jest } from '@jest/globals';
import type { RingDto } from '@webcall/contracts';
import { en } from '../../i18n/en';
import { ApiError } from '../core/net/api-error';
import { RealtimeClient } from '../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../core/net/testing/fake-realtime';
import { I18n } from '../core/text/i18n';
import { CallSession } from '../state/call/call-session';
import { LocalMedia } from '../state/media/local-media';
import { Contacts } from '../state/people/contacts';
import { Rings } from '../state/rings/rings';
import { RoomList } from '../state/rooms/room-list';
import { type ConfirmationQuestion, Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { CallEntry } from './call-entry';

const RING = { id: 'r1', roomId: 'room', kind: 'direct' } as RingDto;

describe('CallEntry', () => {
  let done: string[];
  let others: string[];
  let kind: 'direct' | 'group';
  let failing: Partial<Record<'start' | 'accept' | 'join', ApiError>>;
  let microphone: object | null;
  let toasts: string[];
  let realtime: FakeRealtime;
  let questions: unknown[];
  let agrees: boolean;
  let openRoom: () => Promise<string>;
  /** What the router says: null for an address that is open already, false when the page could not be loaded. */
  let navigated: boolean;
  let entry: CallEntry;
  const active = signal<object | null>(null);
  const step = (name: string): Promise<void> => {
    done.push(name);
    const failure = failing[name.split(' ')[0] as keyof typeof failing];
    return failure ? Promise.reject(failure) : Promise.resolve();
  };

  beforeEach(() => {
    [done, others, kind, failing, microphone, toasts] = [[], [], 'direct', {}, {}, []];
    [questions, agrees] = [[], true];
    active.set(null);
    realtime = new FakeRealtime();
    openRoom = () => Promise.resolve('room');
    navigated = true;
    const call = {
      active,
      joining: signal(null),
      joinRoomCall: async (roomId: string) => {
        await step(`join ${roomId}`);
        active.set({ roomId, others: () => others });
      },
      leaveActiveCall: async () => {
        if (active()) await step('leave');
        active.set(null);
      },
    };
    const ask = ({ text }: ConfirmationQuestion): Promise<boolean> => {
      questions.push(text);
      return Promise.resolve(agrees);
    };
    const media = {
      openWantedDevices: () => step('open'),
      storeWantedDevices: ({ camera }: { camera: boolean }) => done.push(camera ? 'with picture' : 'with sound'),
      wanted: () => ({ microphone: true, camera: false }),
      microphone: () => microphone,
      camera: () => null,
      problems: () => ({}),
      setDeviceEnabled: (device: string, on: boolean) => step(`${device} ${on ? 'on' : 'off'}`),
      closeLocalMedia: () => void done.push('close'),
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: call },
        { provide: LocalMedia, useValue: media },
        {
          provide: Rings,
          useValue: { startOutgoingRing: () => step('start'), acceptIncomingRing: () => step('accept') },
        },
        { provide: RoomList, useValue: { findRoom: (id: string) => ({ id, kind, name: 'Kitchen' }) } },
        { provide: Dialogs, useValue: { askConfirmation: ask } },
        { provide: Contacts, useValue: { openDirectRoom: () => openRoom() } },
        {
          provide: Router,
          useValue: {
            navigate: ([, id]: string[]) => step(`page ${id}`),
            get url() {
              return navigated ? '/r/room' : '/people';
            },
          },
        },
        { provide: I18n, useValue: { t: () => en } },
        { provide: Toasts, useValue: { showToast: (text: string) => void toasts.push(text) } },
      ],
    });
    entry = TestBed.inject(CallEntry);
    jest.restoreAllMocks();
  });

  it('calls a contact: opens the room, joins its call, rings', async () => {
    await entry.callPerson('boris');
    expect(done).toEqual(['page room', 'page room', 'with sound', 'open', 'join room', 'start']);
  });

  it.each([
    ['joins', () => entry.joinWithWantedDevices('room')],
    ['calls a contact', () => entry.callPerson('boris')],
    ['calls from a list', () => entry.startOrJoinRoomCall('room')],
    ['rings members', () => entry.ringRoomMembers('room')],
  ])('says at once that there is no connection, and opens no device, when somebody %s', async (_, ask) => {
    realtime.status.set('offline');
    await ask();
    expect([done, toasts]).toEqual([[], [en.errors.offline]]);
  });

  it.each([
    ['to a contact', () => entry.callPerson('boris')],
    ['from a list', () => entry.startOrJoinRoomCall('room')],
  ])('begins no call %s whose page could not be opened', async (_, ask) => {
    navigated = false;
    await ask();
    expect([done, entry.entering()]).toEqual([['page room'], null]);
  });

  it('advises to become contacts where a room cannot be opened without', async () => {
    openRoom = () => Promise.reject(new ApiError('contact_not_found', ''));
    await entry.callPerson('boris');
    expect([done, toasts]).toEqual([[], [en.people.contactsFirst]]);
  });

  it('asks before a call ends for another one, and stays in it unless the person agrees', async () => {
    active.set({ roomId: 'kitchen', others: () => ['carl'] });
    agrees = false;
    await entry.startOrJoinRoomCall('room');
    expect([questions, done]).toEqual([[en.call.otherCall('Kitchen')], []]);
    agrees = true;
    await entry.startOrJoinRoomCall('room');
    expect(done).toContain('join room');
    await entry.startOrJoinRoomCall('room');
    expect(questions).toHaveLength(2);
  });

  it('begins no call that was asked for more than ten seconds ago', async () => {
    jest.useFakeTimers();
    openRoom = () => {
      jest.setSystemTime(Date.now() + 60_000);
      return Promise.resolve('room');
    };
    await entry.callPerson('boris');
    jest.useRealTimers();
    expect([done, toasts]).toEqual([['page room'], [en.errors.timeout]]);
  });

  it('rings nobody who has joined already, and nobody in a group', async () => {
    others = ['boris'];
    await entry.startOrJoinRoomCall('room');
    await entry.startOrJoinRoomCall('room');
    others = [];
    kind = 'group';
    await entry.startOrJoinRoomCall('room');
    expect(done).not.toContain('start');
  });

  it('leaves again and shows the reason when the ring is refused', async () => {
    failing.start = new ApiError('not_contacts', '');
    await entry.startOrJoinRoomCall('room');
    await flushPromises();
    expect(done.at(-1)).toBe('leave');
    expect(toasts).toEqual([en.errors.not_contacts]);
  });

  it('starts with video when the person says so', async () => {
    await entry.joinWithDevices('room', { camera: true });
    expect(done.slice(0, 3)).toEqual(['with picture', 'open', 'join room']);
  });

  it('says which room it enters until the call has begun, so that its page leaves the focus alone', async () => {
    const entering: unknown[] = [];
    jest.spyOn(entry, 'joinWithDevices').mockImplementation(async () => void entering.push(entry.entering()));
    await entry.startOrJoinRoomCall('room');
    expect([...entering, entry.entering()]).toEqual(['room', null]);
  });

  it('asks the page for its lobby when the microphone cannot be opened', async () => {
    microphone = null;
    await entry.startOrJoinRoomCall('room');
    expect(done).not.toContain('join room');
    expect(entry.lobby()).toBe('room');
  });

  it('answers: first the ring, then leaves the other call, then the devices, and rings nobody', async () => {
    active.set({ others: () => ['carl'] });
    others = ['boris'];
    await entry.answerRing(RING, true);
    expect(done).toEqual(['accept', 'page room', 'join room', 'microphone on', 'camera on']);
  });

  it('answers with voice alone: the picture of the other call is not sent', async () => {
    others = ['boris'];
    await entry.answerRing(RING, false);
    expect(done).toEqual(['accept', 'page room', 'camera off', 'join room', 'microphone on']);
  });

  it('stays in the other call when the new one refuses', async () => {
    active.set({ others: () => ['carl'] });
    failing.join = new ApiError('call_full', '');
    await entry.answerRing(RING, true);
    expect(done).toEqual(['accept', 'page room', 'join room']);
    expect(toasts).toEqual([en.errors.call_full]);
  });

  it('stays where it is when the ring has ended already', async () => {
    failing.accept = new ApiError('ring_over', '');
    await entry.answerRing(RING, false);
    expect(done).toEqual(['accept']);
    expect(toasts).toEqual([en.errors.ring_over]);
  });

  it('does not wait alone for a caller who has hung up meanwhile', async () => {
    await entry.answerRing(RING, false);
    expect(done.at(-1)).toBe('leave');
    expect(toasts).toEqual([en.errors.ring_not_found]);
  });
});
