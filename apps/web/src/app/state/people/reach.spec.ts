import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { PreferencesDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { Reach } from './reach';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';

const WANTED: PreferencesDto = { doNotDisturb: false, shareLastSeen: false, ringtone: 'bell' };

describe('Reach', () => {
  it('takes back what was refused, and nothing that changed meanwhile on another device', async () => {
    const realtime = new FakeRealtime();
    let refuse: (why: ApiError) => void = () => undefined;
    const patch = (): Promise<never> => new Promise((_, reject) => (refuse = reject));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { get: () => Promise.resolve(WANTED), patch } },
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user: signal(null) } },
      ],
    });
    const reach = TestBed.inject(Reach);
    realtime.emit('preferences:changed', { preferences: WANTED });
    const changing = reach.change({ doNotDisturb: true });
    realtime.emit('preferences:changed', { preferences: { ...WANTED, doNotDisturb: true, ringtone: 'waves' } });
    refuse(new ApiError('offline', ''));
    await expect(changing).rejects.toThrow();
    expect(reach.settings()).toEqual({ ...WANTED, ringtone: 'waves' });
  });

  it('does not let an answer on its way undo what was changed meanwhile', async () => {
    const realtime = new FakeRealtime();
    const answers: ((preferences: PreferencesDto) => void)[] = [];
    const ask = (): Promise<PreferencesDto> => new Promise((resolve) => answers.push(resolve));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { get: ask, patch: ask } },
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user: signal(null) } },
      ],
    });
    const reach = TestBed.inject(Reach);
    const answer = async (preferences: PreferencesDto): Promise<boolean> => {
      answers.shift()?.(preferences);
      await settled();
      return reach.settings().doNotDisturb;
    };
    const quiet = { ...WANTED, doNotDisturb: true };
    realtime.connected.next();
    const changing = reach.change({ doNotDisturb: true });
    expect(await answer(WANTED)).toBe(true);
    realtime.connected.next();
    const [changed] = answers.splice(0, 1);
    expect(await answer(WANTED)).toBe(true);
    changed?.(quiet);
    await changing;
    realtime.connected.next();
    expect(await answer(WANTED)).toBe(false);
  });
});
