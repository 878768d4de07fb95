import { TestBed } from '@angular/core/testing';
import { NavigationEnd, Router } from '@angular/router';
import { Subject } from 'rxjs';
import { en } from '../../i18n/en';
import { BrowserLocation } from '../core/browser/browser-location';
import { RealtimeClient } from '../core/net/realtime-client';
import { FakeFetch } from '../core/net/testing/fake-fetch';
import { FakeRealtime } from '../core/net/testing/fake-realtime';
import { I18n } from '../core/text/i18n';
import { SeatStorage } from '../state/call/seat-storage';
import { Toasts } from '../ui/feedback/toasts';
import { LostPages } from './lost-pages';

const OWN = 'main-OWN.js';

describe('LostPages', () => {
  let realtime: FakeRealtime;
  let server: FakeFetch;
  let pages: LostPages;
  let inCall: boolean;
  let done: string[];
  const events = new Subject<unknown>();

  beforeEach(() => {
    document.head.innerHTML = `<script type="text/plain" src="${OWN}"></script>`;
    realtime = new FakeRealtime();
    server = new FakeFetch();
    serve(OWN);
    inCall = false;
    done = [];
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Router, useValue: { events, navigateByUrl: (path: string) => done.push(`navigate ${path}`) } },
        { provide: BrowserLocation, useValue: { loadAddress: (path: string) => done.push(`load ${path}`) } },
        { provide: SeatStorage, useValue: { loadStoredSeat: () => (inCall ? {} : null) } },
        { provide: I18n, useValue: { t: () => en } },
        { provide: Toasts, useValue: { showToast: (text: string) => done.push(text) } },
      ],
    });
    pages = TestBed.inject(LostPages);
  });
  afterEach(() => {
    server.restoreFetch();
    document.head.innerHTML = '';
  });

  function serve(main: string): void {
    server.answerByRule(() => [200, `<script src="${main}" type="module"></script>`]);
  }

  it('stays without a connection, says so, and opens the page when it is back', async () => {
    realtime.status.set('offline');
    await pages.handleLostPage('/people');
    expect([done, server.requests]).toEqual([[en.connection.pageWaits], []]);
    realtime.status.set('online');
    realtime.connected.next();
    expect(done.slice(1)).toEqual(['navigate /people']);
  });

  it('opens it no more once the person is somewhere else', async () => {
    realtime.status.set('offline');
    await pages.handleLostPage('/people');
    events.next(new NavigationEnd(1, '/calls', '/calls'));
    realtime.status.set('online');
    realtime.connected.next();
    expect(done).toEqual([en.connection.pageWaits]);
  });

  it('loads the app anew when the server has another release', async () => {
    serve('main-NEW.js');
    await pages.handleLostPage('/people');
    expect(done).toEqual(['load /people']);
  });

  it('stays while the release is the same, and loads the app anew only when that is asked for again', async () => {
    await pages.handleLostPage('/people');
    expect(done).toEqual([en.connection.pageFailed]);
    await pages.handleLostPage('/people');
    expect(done.slice(1)).toEqual(['load /people']);
  });

  it('opens nothing by itself that it did not tell the person to wait for', async () => {
    await pages.handleLostPage('/people');
    inCall = true;
    await pages.handleLostPage('/calls');
    realtime.connected.next();
    expect(done).toEqual([en.connection.pageFailed, en.connection.pageAfterCall]);
  });

  it('loads nothing anew by itself when the page that waited fails once more', async () => {
    realtime.status.set('offline');
    await pages.handleLostPage('/people');
    realtime.status.set('online');
    realtime.connected.next();
    await pages.handleLostPage('/people');
    expect(done).toEqual([en.connection.pageWaits, 'navigate /people', en.connection.pageFailed]);
  });

  it('waits no more for a page that was asked for again and failed with a line', async () => {
    realtime.status.set('offline');
    await pages.handleLostPage('/people');
    realtime.status.set('online');
    inCall = true;
    await pages.handleLostPage('/people');
    realtime.connected.next();
    expect(done).toEqual([en.connection.pageWaits, en.connection.pageAfterCall]);
  });

  it('never takes a running call away', async () => {
    inCall = true;
    serve('main-NEW.js');
    await pages.handleLostPage('/people');
    await pages.handleLostPage('/people');
    expect(done).toEqual([en.connection.pageAfterCall, en.connection.pageAfterCall]);
  });

  it('stays while the server does not answer, although the line seems whole', async () => {
    server.answerByRule(() => [502]);
    await pages.handleLostPage('/people');
    await pages.handleLostPage('/people');
    expect(done).toEqual([en.connection.pageWaits, en.connection.pageWaits]);
  });
});
