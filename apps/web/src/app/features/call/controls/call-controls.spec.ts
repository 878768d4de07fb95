import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { RoomDto } from '@webcall/contracts';
import type { Door } from '@webcall/domain';
import { en } from '../../../../i18n/en';
import { CallSession } from '../../../state/call/call-session';
import { CallSigns } from '../../../state/call/call-signs';
import { ErrorTexts } from '../../../core/text/errors';
import { I18n } from '../../../core/text/i18n';
import { LocalMedia } from '../../../state/media/local-media';
import { RoomList } from '../../../state/rooms/room-list';
import { RoomStore } from '../../../state/rooms/room-store';
import { settled } from '../../../core/net/testing/fake-realtime';
import { CallEntry } from '../../../flows/call-entry';
import { Moderating } from '../../../flows/moderating';
import { OwnMedia } from '../../../flows/own-media';
import { Dialogs } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';
import { CallControls } from './call-controls';

describe('CallControls', () => {
  let page: ComponentFixture<CallControls>;
  const room = signal<RoomDto | null>(null);
  const off = { microphone: false, camera: false };
  const t = en.moderation;

  beforeEach(() => {
    const setDoor = (_: string, door: Door): Promise<RoomDto> => Promise.resolve({ kind: 'group', door } as RoomDto);
    const store = { room, id: () => 'room', may: () => true, panel: signal(null) };
    TestBed.configureTestingModule({
      providers: [
        { provide: CallSession, useValue: { active: signal(null) } },
        { provide: CallSigns, useValue: { handIsUp: () => false } },
        { provide: LocalMedia, useValue: { on: () => off, busy: () => off, screen: () => null } },
        { provide: OwnMedia, useValue: { heldTexts: () => [], isHeld: () => false } },
        { provide: RoomList, useValue: { rooms: () => [] } },
        { provide: RoomStore, useValue: store },
        { provide: Moderating, useValue: { setDoor } },
        { provide: CallEntry, useValue: {} },
        { provide: Dialogs, useValue: {} },
        { provide: ErrorTexts, useValue: {} },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(CallControls);
    page.detectChanges();
  });

  /** Opens the menu, and presses what is named. @returns what else was there to choose */
  const choose = async (name: string): Promise<string[]> => {
    (page.nativeElement as HTMLElement).querySelector<HTMLElement>(`[aria-label="${en.call.more}"]`)?.click();
    page.detectChanges();
    const items = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
    items.find(({ textContent }) => textContent.trim() === name)?.click();
    await settled();
    return items.map(({ textContent }) => textContent.trim());
  };

  it('locks a room, and unlocks it as the moderator wants it, whatever it was before', async () => {
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
