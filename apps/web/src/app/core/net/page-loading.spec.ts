import { TestBed } from '@angular/core/testing';
import { type Route, Router } from '@angular/router';
import { jest } from '@jest/globals';
import { lastValueFrom, of, throwError } from 'rxjs';
import { AccessTokenStore } from '../session/access-token-store';
import { IdlePreloading, loadPagesWithLine, loadPartsWithLine } from './page-loading';
import { RealtimeClient } from './realtime-client';
import { FakeRealtime } from './testing/fake-realtime';

describe('IdlePreloading', () => {
  let signedIn: boolean;
  let loaded: string[];
  let realtime: FakeRealtime;
  const route: Route = { path: 'r', data: { parts: { chat: () => Promise.resolve(loaded.push('chat')) } } };
  const preload = (page: Route = route, load = () => of(loaded.push('page'))) =>
    lastValueFrom(TestBed.inject(IdlePreloading).preload(page, load), { defaultValue: undefined });

  beforeEach(() => {
    signedIn = true;
    loaded = [];
    realtime = new FakeRealtime();
    const requestIdleCallback = (idle: () => void): void => {
      loaded.push('idle');
      idle();
    };
    Object.assign(globalThis, { requestIdleCallback });
    TestBed.configureTestingModule({
      providers: [
        { provide: AccessTokenStore, useValue: { grant: () => (signedIn ? {} : null) } },
        { provide: RealtimeClient, useValue: realtime },
        { provide: Router, useValue: { navigated: true } },
      ],
    });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'requestIdleCallback');
    Reflect.deleteProperty(navigator, 'connection');
    jest.restoreAllMocks();
  });

  it('loads a page and its parts, each when the browser is idle', async () => {
    await preload();
    expect(loaded).toEqual(['idle', 'page', 'idle', 'chat']);
  });

  it('loads no parts while nobody is signed in', async () => {
    signedIn = false;
    await preload();
    expect(loaded).toEqual(['idle', 'page']);
  });

  it('loads no parts while the line is cut', async () => {
    jest.spyOn(console, 'debug').mockReturnValue();
    realtime.status.set('offline');
    await preload();
    expect(loaded).toEqual(['idle', 'page', 'idle']);
  });

  it('loads nothing for a person who saves data', async () => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true });
    await preload();
    expect(loaded).toEqual([]);
  });

  it('goes on with the next page when one could not be loaded', async () => {
    jest.spyOn(console, 'debug').mockReturnValue();
    const lost = preload({}, () => throwError(() => new TypeError('module')));
    const next = preload();
    await Promise.all([lost, next]);
    expect(loaded).toContain('page');
  });
});

describe('loadPagesWithLine', () => {
  it('asks for no code while the line is cut, except for the first page', async () => {
    const realtime = new FakeRealtime();
    const router = { navigated: true };
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Router, useValue: router },
      ],
    });
    const loadComponent = jest.fn<() => Promise<never>>();
    const [shell] = loadPagesWithLine([{ children: [{ path: 'people', loadComponent }] }]);
    const page = shell?.children?.[0];
    const open = (): unknown => TestBed.runInInjectionContext(() => page?.loadComponent?.());
    realtime.status.set('offline');
    // Not thrown: the router would give the same error for ever.
    await expect(open()).rejects.toMatchObject({ code: 'offline' });
    expect(loadComponent).not.toHaveBeenCalled();
    realtime.status.set('online');
    open();
    realtime.status.set('offline');
    router.navigated = false;
    open();
    expect(loadComponent).toHaveBeenCalledTimes(2);
  });
});

describe('loadPartsWithLine', () => {
  it('asks for the code of no part while the line is cut, and for it again with a line', async () => {
    const realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Router, useValue: { navigated: true } },
      ],
    });
    const parts = TestBed.runInInjectionContext(() => loadPartsWithLine({ chat: () => Promise.resolve('chat') }));
    realtime.status.set('offline');
    await expect(parts.chat()).rejects.toMatchObject({ code: 'offline' });
    realtime.status.set('online');
    expect(await parts.chat()).toBe('chat');
  });
});
