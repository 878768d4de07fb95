import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { RoomDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Toasts } from '../../ui/feedback/toasts';
import { RoomQuiet } from './room-quiet';

describe('RoomQuiet', () => {
  const room = signal<RoomDto | null>(null);
  let page: ComponentFixture<RoomQuiet>;
  let refuse: (why: Error) => void;
  let messages: string[];

  beforeEach(() => {
    messages = [];
    room.set({ id: 'room', name: 'Kitchen', doNotDisturb: false } as RoomDto);
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { patch: () => new Promise((_, reject) => (refuse = reject)) } },
        { provide: RoomStore, useValue: { room, id: () => 'room' } },
        { provide: RoomList, useValue: {} },
        { provide: Toasts, useValue: { showToast: (text: string) => void messages.push(text) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(RoomQuiet);
    page.detectChanges();
  });

  it('reverts a refused change, but keeps other changes made meanwhile', async () => {
    (page.nativeElement as HTMLElement).querySelector<HTMLElement>('[role=switch]')?.click();
    expect(room()?.doNotDisturb).toBe(true);
    room.update((it) => it && { ...it, name: 'Balcony' });
    refuse(new ApiError('offline', ''));
    await flushPromises();
    expect(room()).toMatchObject({ name: 'Balcony', doNotDisturb: false });
    expect(messages).toEqual([en.errors.offline]);
  });
});
