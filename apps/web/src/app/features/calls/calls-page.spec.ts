import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { jest } from '@jest/globals';
import type { CallHistoryDto, PastCallDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { CallsPage } from './calls-page';

const call = (roomName: string): PastCallDto => ({
  callId: roomName,
  roomId: 'room',
  roomName,
  kind: 'group',
  peerId: null,
  part: 'joined',
  rung: true,
  answer: null,
  startedAt: '2026-11-22T10:00:00.000Z',
  endedAt: '2026-11-22T10:05:00.000Z',
  durationMs: 300_000,
  people: [],
});
const page = (names: string[], next: string | null): CallHistoryDto => ({ calls: names.map(call), next });

describe('CallsPage', () => {
  let realtime: FakeRealtime;
  let fixture: ComponentFixture<CallsPage>;
  let newest: CallHistoryDto | ApiError;
  let older: string[];
  const element = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const more = () => element().querySelector<HTMLButtonElement>('wc-show-more button');
  const names = (): string[] => [...element().querySelectorAll('li strong')].map(({ textContent }) => textContent);
  const show = async (): Promise<void> => {
    await flushPromises();
    fixture.detectChanges();
  };
  const event = async (): Promise<void> => {
    realtime.reconnected.next();
    jest.advanceTimersByTime(400);
    await show();
  };

  beforeEach(async () => {
    jest.useFakeTimers();
    realtime = new FakeRealtime();
    [newest, older] = [page(['b', 'a'], 'older'), ['9', '8']];
    const api = new FakeApi();
    api.answerRequest('GET /calls', ({ query }) => {
      if (query?.cursor) return page(older, null);
      if (newest instanceof ApiError) throw newest;
      return newest;
    });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: realtime },
        { provide: CallSession, useValue: { joining: signal(null) } },
        { provide: CallEntry, useValue: {} },
        {
          provide: DateTimeFormats,
          useValue: { formatDayHeading: () => 'Today', formatTimeOfDay: () => '', formatDuration: () => '' },
        },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    fixture = TestBed.createComponent(CallsPage);
    await show();
    more()?.click();
    await show();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('keeps the loaded calls when a call ends, with the new one on top', async () => {
    expect(names()).toEqual(['b', 'a', '9', '8']);
    [newest, older] = [page(['c', 'b'], 'older'), ['a', '9', '8']];
    await event();
    expect(names()).toEqual(['c', 'b', 'a', '9', '8']);
    expect(more()).toBeNull();
  });

  it('keeps the list when reloading fails', async () => {
    newest = new ApiError('offline', '');
    await event();
    expect(names()).toHaveLength(4);
  });
});
