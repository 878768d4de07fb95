import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ServerDto } from '@webcall/contracts';
import { ApiClient } from '../net/api-client';
import { ApiError } from '../net/api-error';
import { RealtimeClient } from '../net/realtime-client';
import { ServerInfo } from './server-info';
import { Session } from './session';
import { FakeRealtime, settled } from '../net/testing/fake-realtime';

describe('ServerInfo', () => {
  it('knows nothing of a relay until the server has said, and asks again when the line is new', async () => {
    const realtime = new FakeRealtime();
    const user = signal<object | null>(null);
    const asked: string[] = [];
    let server: ServerDto = { relay: false };
    const get = (path: string): Promise<ServerDto> => {
      asked.push(path);
      return Promise.resolve(server);
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { get } },
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user } },
      ],
    });
    const info = TestBed.inject(ServerInfo);
    TestBed.tick();
    expect([info.relay(), asked]).toEqual([null, []]);
    user.set({});
    TestBed.tick();
    await settled();
    expect([info.relay(), asked]).toEqual([false, ['/server']]);
    server = { relay: true };
    realtime.connected.next();
    await settled();
    expect(info.relay()).toBe(true);
  });

  it('says when the server could not be asked', async () => {
    const get = (): Promise<ServerDto> => Promise.reject(new ApiError('forbidden', '', 403));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { get } },
        { provide: RealtimeClient, useValue: new FakeRealtime() },
        { provide: Session, useValue: { user: signal({}) } },
      ],
    });
    const info = TestBed.inject(ServerInfo);
    expect(info.failed()).toBe(false);
    TestBed.tick();
    await settled();
    expect([info.relay(), info.failed()]).toEqual([null, true]);
  });
});
