import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ContactDto, RingDto, RoomDto } from '@webcall/contracts';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { CallSession } from '../call/call-session';
import { TonePlayer } from '../media/tone-player';
import { Contacts } from '../people/contacts';
import { ReachabilitySettings } from '../people/reachability-settings';
import { RoomList } from '../rooms/room-list';
import { Ringer } from './ringer';
import { type RingOutcome, Rings } from './rings';

const RING = { id: 'r1', callerId: 'boris', busy: false } as RingDto;

describe('Ringer', () => {
  let played: string[];
  const incoming = signal<RingDto[]>([]);
  const outcome = signal<RingOutcome | null>(null);
  const active = signal<object | null>(null);
  const blocked = signal(false);
  const doNotDisturb = signal(false);
  const rooms = signal<Partial<RoomDto>[]>([]);
  const own = signal<Partial<ContactDto>>({});
  let ringer: Ringer;
  const run = async (): Promise<void> => {
    TestBed.tick();
    await flushPromises();
  };

  beforeEach(() => {
    played = [];
    incoming.set([]);
    outcome.set(null);
    active.set(null);
    blocked.set(false);
    own.set({});
    doNotDisturb.set(false);
    rooms.set([{ id: 'direct', kind: 'direct' }]);
    const player = {
      blocked,
      playTone: (tone: string, loop: boolean) => Promise.resolve(void played.push(`${tone}${loop ? ' on' : ''}`)),
      stopCurrentTone: () => void played.push('stop'),
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: TonePlayer, useValue: player },
        { provide: CallSession, useValue: { active } },
        { provide: Rings, useValue: { incoming, outcome, outgoing: () => [] } },
        { provide: Contacts, useValue: { findContact: () => own() } },
        {
          provide: ReachabilitySettings,
          useValue: { settings: () => ({ ringtone: 'waves', doNotDisturb: doNotDisturb() }) },
        },
        { provide: RoomList, useValue: { findRoom: (roomId: string) => rooms().find(({ id }) => id === roomId) } },
      ],
    });
    ringer = TestBed.inject(Ringer);
  });

  it('rings as the user wants it, until nobody calls any more', async () => {
    incoming.set([RING]);
    await run();
    expect(played).toEqual(['waves on']);
    incoming.set([]);
    await run();
    expect(played).toEqual(['waves on', 'stop']);
  });

  it('rings as chosen for that contact', async () => {
    own.set({ ringtone: 'bell' });
    incoming.set([RING]);
    await run();
    expect(played).toEqual(['bell on']);
  });

  it('reports that the browser blocks sound, and rings from the first click on', async () => {
    blocked.set(true);
    expect(ringer.blocked()).toBe(false);
    incoming.set([RING]);
    await run();
    expect(ringer.blocked()).toBe(true);
    dispatchEvent(new Event('pointerdown'));
    expect(played).toEqual(['waves on', 'waves on']);
  });

  it('sounds once when somebody knocks, unless something rings', async () => {
    ringer.playKnockTone('room');
    expect(played).toEqual(['knock']);
    incoming.set([RING]);
    await run();
    ringer.playKnockTone('room');
    expect(played).toEqual(['knock', 'waves on']);
  });

  it('is silent for a knock when the user does not want to be disturbed, everywhere or in that room', () => {
    doNotDisturb.set(true);
    ringer.playKnockTone('room');
    doNotDisturb.set(false);
    rooms.set([{ id: 'room', doNotDisturb: true }]);
    ringer.playKnockTone('room');
    expect(played).toEqual([]);
    ringer.playKnockTone('other');
    expect(played).toEqual(['knock']);
  });

  it('plays a tone when a call fails, and when the other user hangs up', async () => {
    outcome.set({ phase: 'declined' } as RingOutcome);
    await run();
    outcome.set({ phase: 'missed' } as RingOutcome);
    await run();
    expect(played).toEqual(['busy', 'ended']);
    const activeCall = (reason: string | undefined) => ({
      roomId: 'direct',
      others: () => ['boris'],
      leaveReason: () => reason,
    });
    for (const reason of ['ended', undefined]) {
      active.set(activeCall(reason));
      await run();
      active.set(null);
      await run();
    }
    expect(played).toEqual(['busy', 'ended', 'ended']);
  });
});
