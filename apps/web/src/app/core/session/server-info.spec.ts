import { TestBed } from '@angular/core/testing';
import { ApiClient } from '../net/api-client';
import { ApiError } from '../net/api-error';
import { RealtimeClient } from '../net/realtime-client';
import { FakeApi } from '../net/testing/fake-api';
import { FakeRealtime, flushPromises } from '../net/testing/fake-realtime';
import { ServerInfo } from './server-info';

describe('ServerInfo', () => {
  it('does not know about a relay until the server answers, and asks again after a reconnect', async () => {
    const realtime = new FakeRealtime();
    realtime.loadRound.set(0);
    const api = new FakeApi();
    api.answerRequest('GET /server', () => ({ relay: false }));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: realtime },
      ],
    });
    const info = TestBed.inject(ServerInfo);
    TestBed.tick();
    expect([info.relay(), api.sent]).toEqual([null, []]);
    realtime.connected.next();
    TestBed.tick();
    await flushPromises();
    expect(info.relay()).toBe(false);
    api.answerRequest('GET /server', () => ({ relay: true }));
    realtime.connected.next();
    TestBed.tick();
    await flushPromises();
    expect(info.relay()).toBe(true);
  });

  it('reports that the request failed', async () => {
    const api = new FakeApi();
    api.answerRequest('GET /server', () => Promise.reject(new ApiError('forbidden', '', 403)));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: new FakeRealtime() },
      ],
    });
    const info = TestBed.inject(ServerInfo);
    expect(info.failed()).toBe(false);
    TestBed.tick();
    await flushPromises();
    expect([info.relay(), info.failed()]).toEqual([null, true]);
  });
});
