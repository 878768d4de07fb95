import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { RoomDto } from '@webcall/contracts';
import type { Door } from '@webcall/domain';
import { en } from '../../../../i18n/en';
import { flushPromises } from '../../../core/net/testing/fake-realtime';
import { I18n } from '../../../core/text/i18n';
import { CallEntry } from '../../../flows/call-entry';
import { ModeratorControls } from '../../../flows/moderator-controls';
import { OwnMediaControls } from '../../../flows/own-media-controls';
import { CallReactions } from '../../../state/call/call-reactions';
import { CallSession } from '../../../state/call/call-session';
import { LocalMedia } from '../../../state/media/local-media';
import { RoomStore } from '../../../state/rooms/room-store';
import { Dialogs } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';
import { CallControls } from './call-controls';

describe('CallControls', () => {
  let page: ComponentFixture<CallControls>;
  const room = signal<RoomDto | null>(null);
  const off = { on: false, busy: false, name: '', hint: '', icon: 'camera' };
  const switches = { microphone: off, camera: off };
  const t = en.moderation;

  beforeEach(() => {
    const setDoor = (_: string, door: Door): Promise<boolean> => {
      room.set({ kind: 'group', door } as RoomDto);
      return Promise.resolve(true);
    };
    const store = { room, id: () => 'room', canPerformAction: () => true, panel: signal(null) };
    TestBed.configureTestingModule({
      providers: [
        { provide: CallSession, useValue: { active: signal(null) } },
        { provide: CallReactions, useValue: { handIsUp: () => false } },
        { provide: LocalMedia, useValue: { screen: () => null } },
        { provide: OwnMediaControls, useValue: { heldTexts: () => [], deviceSwitches: () => switches } },
        { provide: RoomStore, useValue: store },
        { provide: ModeratorControls, useValue: { changeRoomDoor: setDoor } },
        { provide: CallEntry, useValue: {} },
        { provide: Dialogs, useValue: {} },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(CallControls);
    page.detectChanges();
  });

  /** Opens the menu and presses the named item. @returns the names of all items */
  const choose = async (name: string): Promise<string[]> => {
    (page.nativeElement as HTMLElement).querySelector<HTMLElement>(`[aria-label="${en.call.more}"]`)?.click();
    page.detectChanges();
    const items = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
    items.find(({ textContent }) => textContent.trim() === name)?.click();
    await flushPromises();
    return items.map(({ textContent }) => textContent.trim());
  };

  it('locks a room, and unlocks it to either door setting', async () => {
    room.set({ kind: 'group', door: 'locked' } as RoomDto);
    expect(await choose(t.unlockWithLobby)).not.toContain(t.lock);
    expect(room()?.door).toBe('lobby');
    expect(await choose(t.lock)).not.toContain(t.unlock);
    expect(room()?.door).toBe('locked');
    await choose(t.unlock);
    expect(room()?.door).toBe('open');
    expect(
      TestBed.inject(Toasts)
        .shown()
        .map(({ text }) => text),
    ).toEqual([t.doorIs.lobby, t.doorIs.locked, t.doorIs.open]);
  });
});
