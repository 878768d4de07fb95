import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { Ring } from '@webcall/domain';
import { en } from '../../../../i18n/en';
import { Session } from '../../../core/session/session';
import { I18n } from '../../../core/text/i18n';
import { Rings } from '../../../state/rings/rings';
import { RingChips } from './ring-chips';

describe('RingChips', () => {
  const inCall = signal<Ring[]>([]);
  let page: ComponentFixture<RingChips>;
  const status = (status: Ring['status']): Ring[] => [
    { id: 'r1', callerId: 'anna', calleeId: 'boris', calleeName: 'boris', status } as Ring,
  ];
  const words = (): string => (page.nativeElement as HTMLElement).textContent;

  beforeEach(() => {
    jest.useFakeTimers();
    inCall.set(status('ringing'));
    TestBed.configureTestingModule({
      providers: [
        { provide: Rings, useValue: { outgoing: () => [] } },
        { provide: Session, useValue: { user: () => ({ id: 'me' }) } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(RingChips);
    page.componentRef.setInput('activeCall', { rings: inCall });
    page.detectChanges();
    inCall.set(status('declined'));
    page.detectChanges();
  });
  afterEach(() => jest.useRealTimers());

  it('shows for a while that a ring was not answered', () => {
    expect(words()).toContain(en.rings.phase.declined);
    jest.advanceTimersByTime(8000);
    page.detectChanges();
    expect(words()).not.toContain('boris');
  });

  it('leaves no timer behind when it is destroyed', () => {
    page.destroy();
    expect(jest.getTimerCount()).toBe(0);
  });
});
