import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';
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
  const texts = () => realtime.dataOf('chat:send').map((d) => d.text);
  const ids = () => new Set(realtime.dataOf('chat:send').map((d) => d.id));
  const states = (outbox: Outbox) => outbox.of('room').map((e) => e.state);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    realtime = new FakeRealtime();
    realtime.answer('chat:send', () => ({ seq: 1 }));
  });
  afterEach(() => jest.useRealTimers());

  it('sends one after the other, in the order of writing', async () => {
    const outbox = open();
    const answers: (() => void)[] = [];
    realtime.answer('chat:send', () => new Promise((done) => answers.push(() => done({ seq: 1 }))));
    outbox.add('room', 'one');
    outbox.add('room', 'two');
    await settled();
    expect(texts()).toEqual(['one']);
    answers.shift()?.();
    await settled();
    expect(texts()).toEqual(['one', 'two']);
  });

  it('repeats under the same id when the connection is back', async () => {
    const outbox = open();
    realtime.answer('chat:send', () => Promise.reject(new ApiError('offline', '')));
    outbox.add('room', 'hello');
    await settled();
    expect(states(outbox)).toEqual(['pending']);
    realtime.answer('chat:send', () => ({ seq: 1 }));
    realtime.reconnected.next();
    await settled();
    expect(states(outbox)).toEqual(['sent']);
    expect(texts()).toEqual(['hello', 'hello']);
    expect(ids().size).toBe(1);
  });

  it('also repeats by itself after a while', async () => {
    const outbox = open();
    realtime.answer('chat:send', () => Promise.reject(new ApiError('timeout', '')));
    outbox.add('room', 'hello');
    await settled();
    realtime.answer('chat:send', () => ({ seq: 1 }));
    jest.advanceTimersByTime(1000);
    await settled();
    expect(states(outbox)).toEqual(['sent']);
  });

  it('keeps what was not sent over a reload and sends it then, under the same id', async () => {
    realtime.answer('chat:send', () => Promise.reject(new ApiError('offline', '')));
    open().add('room', 'kept');
    await settled();
    const id = realtime.dataOf('chat:send')[0]?.id;
    realtime = new FakeRealtime();
    realtime.answer('chat:send', () => ({ seq: 1 }));
    const outbox = open();
    await settled();
    expect(realtime.dataOf('chat:send').map((d) => [d.id, d.text])).toEqual([[id, 'kept']]);
    expect(states(outbox)).toEqual(['sent']);
    realtime = new FakeRealtime();
    expect(open().of('room')).toEqual([]);
  });

  it('stops at a refusal that time does not mend, goes on with the next, and tries again on demand with the same id', async () => {
    const outbox = open();
    realtime.answer('chat:send', ({ text }) =>
      text === 'no' ? Promise.reject(new ApiError('forbidden', '')) : { seq: 2 },
    );
    outbox.add('room', 'no');
    outbox.add('room', 'yes');
    await settled();
    expect(states(outbox)).toEqual(['failed', 'sent']);
    expect(outbox.of('room')[0]?.error).toBe('forbidden');
    realtime.answer('chat:send', () => ({ seq: 3 }));
    outbox.retry(outbox.of('room')[0]?.id ?? '');
    await settled();
    expect(states(outbox)).toEqual(['sent', 'sent']);
    expect(ids().size).toBe(2);
  });

  it('forgets what nobody wants any more', async () => {
    const outbox = open();
    realtime.answer('chat:send', () => Promise.reject(new ApiError('forbidden', '')));
    outbox.add('room', 'no');
    await settled();
    outbox.forget(new Set(outbox.of('room').map((e) => e.id)));
    expect(outbox.of('room')).toEqual([]);
    expect(open().of('room')).toEqual([]);
  });
});
