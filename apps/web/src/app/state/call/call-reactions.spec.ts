import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { CallReactions } from './call-reactions';
import { CallSession } from './call-session';

describe('CallReactions', () => {
  let realtime: FakeRealtime;
  let reactions: CallReactions;

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
    reactions = TestBed.inject(CallReactions);
  });
  afterEach(() => jest.useRealTimers());

  it('shows the reactions of this call for a while', () => {
    realtime.emitServerEvent('call:reacted', { roomId: 'room', participantId: 'a', reaction: '👏' });
    realtime.emitServerEvent('call:reacted', { roomId: 'another', participantId: 'b', reaction: '👏' });
    expect(reactions.reactions()).toMatchObject([{ participantId: 'a', reaction: '👏' }]);
    jest.advanceTimersByTime(5000);
    expect(reactions.reactions()).toEqual([]);
  });

  it('drops reactions that come too fast', async () => {
    await reactions.sendReaction('👍');
    await reactions.sendReaction('🎉');
    jest.advanceTimersByTime(600);
    await reactions.sendReaction('😂');
    expect(realtime.sentDataOf('call:react')).toEqual([{ reaction: '👍' }, { reaction: '😂' }]);
  });

  it('knows whether the own hand is up', () => expect(reactions.handIsUp()).toBe(true));
});
