import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { Outbox } from './outbox';

describe('Outbox', () => {
  let realtime: FakeRealtime;
  const open = (): Outbox => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user: () => ({ id: 'me', username: 'anna' }) } },
      ],
    });
    return TestBed.inject(Outbox);
  };
  const texts = () => realtime.sentDataOf('chat:send').map((d) => d.text);
  const ids = () => new Set(realtime.sentDataOf('chat:send').map((d) => d.id));
  const states = (outbox: Outbox) => outbox.outgoingMessagesOf('room').map((e) => e.state);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    realtime = new FakeRealtime();
    realtime.answerCommand('chat:send', () => ({ seq: 1 }));
  });
  afterEach(() => jest.useRealTimers());

  it('sends one after the other, in the order of writing', async () => {
    const outbox = open();
    const answers: (() => void)[] = [];
    realtime.answerCommand('chat:send', () => new Promise((done) => answers.push(() => done({ seq: 1 }))));
    outbox.enqueueMessage('room', 'one');
    outbox.enqueueMessage('room', 'two');
    await flushPromises();
    expect(texts()).toEqual(['one']);
    answers.shift()?.();
    await flushPromises();
    expect(texts()).toEqual(['one', 'two']);
  });

  it('repeats under the same id when the connection is back', async () => {
    const outbox = open();
    realtime.answerCommand('chat:send', () => Promise.reject(new ApiError('offline', '')));
    outbox.enqueueMessage('room', 'hello');
    await flushPromises();
    expect(states(outbox)).toEqual(['pending']);
    realtime.answerCommand('chat:send', () => ({ seq: 1 }));
    realtime.reconnected.next();
    await flushPromises();
    expect(states(outbox)).toEqual(['sent']);
    expect(texts()).toEqual(['hello', 'hello']);
    expect(ids().size).toBe(1);
  });

  it('also repeats by itself after a while', async () => {
    const outbox = open();
    realtime.answerCommand('chat:send', () => Promise.reject(new ApiError('timeout', '')));
    outbox.enqueueMessage('room', 'hello');
    await flushPromises();
    realtime.answerCommand('chat:send', () => ({ seq: 1 }));
    jest.advanceTimersByTime(1000);
    await flushPromises();
    expect(states(outbox)).toEqual(['sent']);
  });

  it('sends what an older release stored with characters that no store takes, without them', async () => {
    realtime.answerCommand('chat:send', () => Promise.reject(new ApiError('invalid_input', '')));
    open().enqueueMessage('room', `a\0b${'\u0301'.repeat(20)}`);
    await flushPromises();
    realtime = new FakeRealtime();
    realtime.answerCommand('chat:send', () => ({ seq: 1 }));
    const outbox = open();
    outbox.retryMessage(outbox.outgoingMessagesOf('room')[0]!.id);
    await flushPromises();
    expect(texts()).toEqual([`ab${'\u0301'.repeat(8)}`]);
    expect(states(outbox)).toEqual(['sent']);
  });

  it('keeps unsent messages over a reload and sends them then, under the same id', async () => {
    realtime.answerCommand('chat:send', () => Promise.reject(new ApiError('offline', '')));
    open().enqueueMessage('room', 'kept');
    await flushPromises();
    const id = realtime.sentDataOf('chat:send')[0]?.id;
    realtime = new FakeRealtime();
    realtime.answerCommand('chat:send', () => ({ seq: 1 }));
    const outbox = open();
    await flushPromises();
    expect(realtime.sentDataOf('chat:send').map((d) => [d.id, d.text])).toEqual([[id, 'kept']]);
    expect(states(outbox)).toEqual(['sent']);
    realtime = new FakeRealtime();
    expect(open().outgoingMessagesOf('room')).toEqual([]);
  });

  it('gives up a message refused for good, sends the next, and retries on demand with the same id', async () => {
    const outbox = open();
    realtime.answerCommand('chat:send', ({ text }) =>
      text === 'no' ? Promise.reject(new ApiError('forbidden', '')) : { seq: 2 },
    );
    outbox.enqueueMessage('room', 'no');
    outbox.enqueueMessage('room', 'yes');
    await flushPromises();
    expect(states(outbox)).toEqual(['failed', 'sent']);
    expect(outbox.outgoingMessagesOf('room')[0]?.error).toBe('forbidden');
    realtime.answerCommand('chat:send', () => ({ seq: 3 }));
    outbox.retryMessage(outbox.outgoingMessagesOf('room')[0]?.id ?? '');
    await flushPromises();
    expect(states(outbox)).toEqual(['sent', 'sent']);
    expect(ids().size).toBe(2);
  });

  it('forgets discarded messages', async () => {
    const outbox = open();
    realtime.answerCommand('chat:send', () => Promise.reject(new ApiError('forbidden', '')));
    outbox.enqueueMessage('room', 'no');
    await flushPromises();
    outbox.removeMessages(new Set(outbox.outgoingMessagesOf('room').map((e) => e.id)));
    expect(outbox.outgoingMessagesOf('room')).toEqual([]);
    expect(open().outgoingMessagesOf('room')).toEqual([]);
  });
});
