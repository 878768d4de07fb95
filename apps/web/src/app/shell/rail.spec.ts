import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { jest } from '@jest/globals';
import type { RoomDto } from '@webcall/contracts';
import { en } from '../../i18n/en';
import { Session } from '../core/session/session';
import { I18n } from '../core/text/i18n';
import { Contacts } from '../state/people/contacts';
import { ReachabilitySettings } from '../state/people/reachability-settings';
import { Rings } from '../state/rings/rings';
import { RoomList } from '../state/rooms/room-list';
import { Rail } from './rail';

describe('Rail', () => {
  const isKnown = signal(false);
  const settings = signal({ doNotDisturb: false });
  const changeReachability = jest.fn<(change: object) => Promise<void>>();
  const rooms = signal<readonly RoomDto[]>([]);
  let fixture: ComponentFixture<Rail>;
  const page = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const press = (): void => page().querySelector<HTMLButtonElement>('.quiet')?.click();

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: I18n, useValue: { t: () => en } },
        { provide: Session, useValue: { user: () => ({ id: 'me', username: 'anna', guest: false }) } },
        { provide: Contacts, useValue: { waiting: () => 0, findContact: () => undefined } },
        { provide: Rings, useValue: { incoming: () => [], isRingingOthersInRoom: () => false } },
        { provide: RoomList, useValue: { state: () => 'ready', rooms } },
        { provide: ReachabilitySettings, useValue: { isKnown, settings, changeReachability } },
      ],
    });
    fixture = TestBed.createComponent(Rail);
    await fixture.whenStable();
  });

  it('lets people switch "do not disturb" only when it is known whether it is on', async () => {
    press();
    expect(changeReachability).not.toHaveBeenCalled();
    settings.set({ doNotDisturb: true });
    isKnown.set(true);
    await fixture.whenStable();
    press();
    expect(changeReachability.mock.calls).toEqual([[{ doNotDisturb: false }]]);
  });

  describe('with 1,000 rooms', () => {
    /** Tells the page that the end of the list has come into view. */
    let seeEnd: () => void;
    const names = (): string[] => [...page().querySelectorAll('wc-room-row strong')].map((name) => name.textContent);
    const named = (i: number): RoomDto =>
      ({ id: `r${i}`, kind: 'group', name: `Room ${i}`, callSize: 0, unread: 0, lastMessage: null }) as RoomDto;

    beforeEach(async () => {
      const observer = (callback: (entries: { isIntersecting: boolean }[]) => void): object => {
        seeEnd = () => callback([{ isIntersecting: true }]);
        return { observe: jest.fn(), disconnect: jest.fn() };
      };
      Object.assign(window, { matchMedia: () => ({ matches: false }), IntersectionObserver: jest.fn(observer) });
      rooms.set(Array.from({ length: 1000 }, (_, i) => named(i + 1)));
      await fixture.whenStable();
    });

    it('has nodes for the first ones, and for more as they are scrolled to', async () => {
      expect(names()).toHaveLength(60);
      expect(page().querySelectorAll('*').length).toBeLessThan(1500);
      seeEnd();
      await fixture.whenStable();
      expect([names().length, names().at(-1)]).toEqual([120, 'Room 120']);
      page().querySelector<HTMLButtonElement>('wc-show-more button')?.click();
      await fixture.whenStable();
      expect(names()).toHaveLength(180);
    });

    it('finds each of them by its name, and shows the first of those found', async () => {
      seeEnd();
      const search = page().querySelector('input')!;
      const find = async (text: string): Promise<void> => {
        search.value = text;
        search.dispatchEvent(new Event('input'));
        await fixture.whenStable();
      };
      await find('room 999');
      expect([names(), page().querySelector('wc-show-more button')]).toEqual([['Room 999'], null]);
      await find('room');
      expect(names()).toHaveLength(60);
    });
  });
});
