import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { jest } from '@jest/globals';
import { en } from '../../i18n/en';
import { Session } from '../core/session/session';
import { I18n } from '../core/text/i18n';
import { Contacts } from '../state/people/contacts';
import { ReachabilitySettings } from '../state/people/reachability-settings';
import { RoomList } from '../state/rooms/room-list';
import { Rail } from './rail';

describe('Rail', () => {
  const isKnown = signal(false);
  const settings = signal({ doNotDisturb: false });
  const changeReachability = jest.fn<(change: object) => Promise<void>>();
  let fixture: ComponentFixture<Rail>;
  const press = (): void => (fixture.nativeElement as HTMLElement).querySelector<HTMLButtonElement>('.quiet')?.click();

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: I18n, useValue: { t: () => en } },
        { provide: Session, useValue: { user: () => ({ id: 'me', username: 'anna', guest: false }) } },
        { provide: Contacts, useValue: { waiting: () => 0 } },
        { provide: RoomList, useValue: { state: () => 'ready', rooms: () => [] } },
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
});
