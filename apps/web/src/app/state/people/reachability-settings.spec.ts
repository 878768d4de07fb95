import { TestBed } from '@angular/core/testing';
import type { PreferencesDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { ReachabilitySettings } from './reachability-settings';

const WANTED: PreferencesDto = { doNotDisturb: false, shareLastSeen: false, ringtone: 'bell', writers: 'members' };

describe('ReachabilitySettings', () => {
  it('takes back a refused change, and nothing that changed meanwhile on another device', async () => {
    const realtime = new FakeRealtime();
    let refuse: (why: ApiError) => void = () => undefined;
    const api = new FakeApi();
    api.answerRequest('GET /preferences', () => WANTED);
    api.answerRequest('PATCH /preferences', () => new Promise((_, reject) => (refuse = reject)));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: realtime },
      ],
    });
    const reach = TestBed.inject(ReachabilitySettings);
    realtime.emitServerEvent('preferences:changed', { preferences: WANTED });
    const changing = reach.changeReachability({ doNotDisturb: true });
    realtime.emitServerEvent('preferences:changed', {
      preferences: { ...WANTED, doNotDisturb: true, ringtone: 'waves' },
    });
    refuse(new ApiError('offline', ''));
    await expect(changing).rejects.toThrow();
    expect(reach.settings()).toEqual({ ...WANTED, ringtone: 'waves' });
  });

  it('does not let an answer on its way undo a change that came meanwhile', async () => {
    const realtime = new FakeRealtime();
    const answers: ((preferences: PreferencesDto) => void)[] = [];
    const ask = (): Promise<PreferencesDto> => new Promise((resolve) => answers.push(resolve));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { sendRequest: ask } },
        { provide: RealtimeClient, useValue: realtime },
      ],
    });
    const reach = TestBed.inject(ReachabilitySettings);
    const answer = async (preferences: PreferencesDto): Promise<boolean> => {
      answers.shift()?.(preferences);
      await flushPromises();
      return reach.settings().doNotDisturb;
    };
    const quiet = { ...WANTED, doNotDisturb: true };
    realtime.emitServerEvent('preferences:changed', { preferences: WANTED });
    realtime.connected.next();
    TestBed.tick();
    const changing = reach.changeReachability({ doNotDisturb: true });
    expect(await answer(WANTED)).toBe(true);
    realtime.connected.next();
    TestBed.tick();
    const [changed] = answers.splice(0, 1);
    expect(await answer(WANTED)).toBe(true);
    changed?.(quiet);
    await changing;
    realtime.connected.next();
    TestBed.tick();
    expect(await answer(WANTED)).toBe(false);
  });

  it('is not known before the server has said it, nor after a change that was refused before', async () => {
    const realtime = new FakeRealtime();
    const api = new FakeApi();
    api.answerRequest('GET /preferences', () => Promise.reject(new ApiError('forbidden', '')));
    api.answerRequest('PATCH /preferences', () => Promise.reject(new ApiError('forbidden', '')));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: realtime },
      ],
    });
    const reach = TestBed.inject(ReachabilitySettings);
    TestBed.tick();
    await flushPromises();
    await expect(reach.changeReachability({ doNotDisturb: true })).rejects.toThrow();
    expect([reach.isKnown(), reach.settings().doNotDisturb]).toEqual([false, false]);
    api.answerRequest('GET /preferences', () => ({ ...WANTED, doNotDisturb: true }));
    realtime.connected.next();
    TestBed.tick();
    await flushPromises();
    expect([reach.isKnown(), reach.settings().doNotDisturb]).toEqual([true, true]);
  });
});
