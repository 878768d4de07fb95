import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { CallSession } from './call-session';
import { CallSigns } from './call-signs';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';

describe('CallSigns', () => {
  let realtime: FakeRealtime;
  let signs: CallSigns;

  beforeEach(() => {
    jest.useFakeTimers();
    realtime = new FakeRealtime();
    const self = signal({ hand: 4 });
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: { active: signal({ roomId: 'room', self }) } },
      ],
    });
    signs = TestBed.inject(CallSigns);
  });
  afterEach(() => jest.useRealTimers());

  it('shows the reactions of this call for a while', () => {
    realtime.emit('call:reacted', { roomId: 'room', participantId: 'a', reaction: '👏' });
    realtime.emit('call:reacted', { roomId: 'another', participantId: 'b', reaction: '👏' });
    expect(signs.reactions()).toMatchObject([{ participantId: 'a', reaction: '👏' }]);
    jest.advanceTimersByTime(5000);
    expect(signs.reactions()).toEqual([]);
  });

  it('drops reactions that come too fast', async () => {
    await signs.react('👍');
    await signs.react('🎉');
    jest.advanceTimersByTime(600);
    await signs.react('😂');
    expect(realtime.dataOf('call:react')).toEqual([{ reaction: '👍' }, { reaction: '😂' }]);
  });

  it('knows whether the own hand is up', () => expect(signs.handIsUp()).toBe(true));
});
