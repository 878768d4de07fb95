import { TestBed } from '@angular/core/testing';
import { en } from '../../../i18n/en';
import { ApiError } from '../../core/net/api-error';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Toasts } from '../../ui/feedback/toasts';
import { RoomQuiet } from './room-quiet';

describe('RoomQuiet', () => {
  it('says why a change was refused', async () => {
    const messages: string[] = [];
    const wanted: [string, boolean][] = [];
    const setRoomDoNotDisturb = (roomId: string, value: boolean): Promise<void> => {
      wanted.push([roomId, value]);
      return Promise.reject(new ApiError('offline', ''));
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: RoomStore, useValue: { room: () => ({ doNotDisturb: false }), id: () => 'room' } },
        { provide: RoomList, useValue: { setRoomDoNotDisturb } },
        { provide: Toasts, useValue: { showToast: (text: string) => void messages.push(text) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    const page = TestBed.createComponent(RoomQuiet);
    page.detectChanges();
    (page.nativeElement as HTMLElement).querySelector<HTMLElement>('[role=switch]')?.click();
    await flushPromises();
    expect([wanted, messages]).toEqual([[['room', true]], [en.errors.offline]]);
  });
});
