import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { RoomDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { FakeApi } from '../../core/net/testing/fake-api';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { I18n } from '../../core/text/i18n';
import { CallSession } from '../../state/call/call-session';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Dialogs } from '../../ui/feedback/dialog';
import { Toasts } from '../../ui/feedback/toasts';
import { RoomSettings } from './room-settings';

describe('leaving a room whose call runs', () => {
  const ROOM = { id: 'room', name: 'Kitchen', kind: 'direct', role: 'member', visibility: 'private' } as RoomDto;
  let page: ComponentFixture<RoomSettings>;
  let done: string[];
  let answer: { resolve: () => void; reject: (why: Error) => void };
  const active = signal<{ roomId: string } | null>(null);
  const ended = signal<{ roomId: string; why: string } | null>(null);

  beforeEach(async () => {
    done = [];
    active.set({ roomId: 'room' });
    ended.set(null);
    const leaveActiveCall = (): Promise<void> => {
      done.push('leave call');
      active.set(null);
      return Promise.resolve();
    };
    const api = new FakeApi();
    api.answerRequest('POST /rooms/:roomId/leave', ({ roomId }) => {
      done.push(`leave ${roomId}`);
      return new Promise((resolve, reject) => (answer = { resolve, reject }));
    });
    const store = {
      room: signal(ROOM),
      name: signal(ROOM.name),
      id: () => 'room',
      canPerformAction: (action: string) => action === 'room:leave',
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: CallSession, useValue: { active, ended, leaveActiveCall, dismissCallEnd: () => ended.set(null) } },
        { provide: RoomList, useValue: { removeRoomFromList: (id: string) => done.push(`forget ${id}`) } },
        { provide: RoomStore, useValue: store },
        { provide: Dialogs, useValue: { askConfirmation: () => Promise.resolve(true) } },
        { provide: Router, useValue: { navigateByUrl: (path: string) => Promise.resolve(done.push(path)) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(RoomSettings);
    page.detectChanges();
    (page.nativeElement as HTMLElement).querySelector<HTMLElement>('.exits button')?.click();
    await flushPromises();
    expect(done).toEqual(['leave room']);
  });

  it('leaves the call once the server has accepted', async () => {
    answer.resolve();
    await flushPromises();
    expect(done).toEqual(['leave room', 'leave call', 'forget room', '/']);
  });

  it('stays in the call when the server refuses', async () => {
    answer.reject(new ApiError('unavailable', ''));
    await flushPromises();
    expect(done).toEqual(['leave room']);
    expect(active()).not.toBeNull();
    const [toast] = TestBed.inject(Toasts).shown();
    expect(toast?.text).toBe(en.errors.unavailable);
  });

  it('reports no removal when the event came before the answer', async () => {
    active.set(null);
    ended.set({ roomId: 'room', why: 'removed' });
    answer.resolve();
    await flushPromises();
    expect(ended()).toBeNull();
    expect(done).not.toContain('leave call');
  });

  it('leaves a call in another room alone', async () => {
    active.set({ roomId: 'other' });
    answer.resolve();
    await flushPromises();
    expect(active()).toEqual({ roomId: 'other' });
  });
});
