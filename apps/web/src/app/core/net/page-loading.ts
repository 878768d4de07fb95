import { inject, Injectable, Injector, runInInjectionContext } from '@angular/core';
import { type PreloadingStrategy, type Route, Router, type Routes } from '@angular/router';
import { Mutex } from '@webcall/base';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import { AccessTokenStore } from '../session/access-token-store';
import { ApiError } from './api-error';
import { RealtimeClient } from './realtime-client';

/** How long the browser may be busy before a page is loaded ahead all the same, in ms. */
const LONGEST_WAIT_MS = 10_000;
/** The pause for browsers that do not say when they are idle, in ms. */
const PAUSE_MS = 500;

/** Loaders of further code of a page. */
type PageParts = Readonly<Record<string, () => Promise<unknown>>>;

/** Further code of a page, which is loaded ahead with it for a signed-in user. */
export interface PagePartsData {
  parts: PageParts;
}

/**
 * Has pages ask for their code only while the server can be reached: many browsers remember a module that failed, and
 * do not ask for it again until the whole app is loaded anew, which would end a call.
 */
export function loadPagesWithLine(routes: Routes): Routes {
  return routes.map((route): Route => {
    const { loadComponent, children } = route;
    return {
      ...route,
      ...(loadComponent && { loadComponent: () => refuseWithoutLine() ?? loadComponent() }),
      ...(children && { children: loadPagesWithLine(children) }),
    };
  });
}

/** Has the parts of a page ask for their code only while the server can be reached. Needs an injection context. */
export function loadPartsWithLine<Parts extends PageParts>(parts: Parts): Parts {
  const injector = inject(Injector);
  const loaders = Object.entries(parts).map(([name, load]) => [name, () => loadWithLine(injector, load)]);
  return Object.fromEntries(loaders) as Parts;
}

function loadWithLine(injector: Injector, load: () => Promise<unknown>): Promise<unknown> {
  return runInInjectionContext(injector, refuseWithoutLine) ?? load();
}

/** The first page is always tried. It rejects, as the router would remember for ever an error that is thrown. */
function refuseWithoutLine(): Promise<never> | undefined {
  const isRefused = inject(Router).navigated && inject(RealtimeClient).isCutOff();
  return isRefused ? Promise.reject(new ApiError('offline', 'There is no connection for the page.')) : undefined;
}

/** Loads the code of the other pages one after the other while the browser has nothing else to do. */
@Injectable({ providedIn: 'root' })
export class IdlePreloading implements PreloadingStrategy {
  private readonly access = inject(AccessTokenStore);
  private readonly injector = inject(Injector);
  private readonly loading = new Mutex();

  preload(route: Route, load: () => Observable<unknown>): Observable<unknown> {
    return defer(() => this.loading.runExclusive(() => this.loadWhenIdle(route, load)));
  }

  private async loadWhenIdle({ data, path }: Route, load: () => Observable<unknown>): Promise<void> {
    if (savesData()) return;
    const { parts = {} } = (data ?? {}) as Partial<PagePartsData>;
    try {
      await untilIdle();
      await lastValueFrom(load(), { defaultValue: undefined });
      for (const loadPart of Object.values(parts)) {
        if (!this.access.grant()) return;
        await untilIdle();
        await loadWithLine(this.injector, loadPart);
      }
    } catch (error) {
      // It is loaded when somebody opens it.
      console.debug('a page could not be loaded ahead', path, error);
    }
  }
}

/** Whether the person has asked the browser to load no more than needed. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function untilIdle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: LONGEST_WAIT_MS });
    else setTimeout(resolve, PAUSE_MS);
  });
}
