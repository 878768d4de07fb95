import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { RingDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { Ringer } from '../../state/rings/ringer';
import { Rings } from '../../state/rings/rings';
import { Toasts } from '../../ui/feedback/toasts';
import { RingCard } from './ring-card';

const RING = { id: 'r1', roomId: 'room', kind: 'direct', callerId: 'boris', callerName: 'boris' } as RingDto;
const [REPLY = ''] = en.rings.replies;

describe('RingCard', () => {
  let realtime: FakeRealtime;
  let page: ComponentFixture<RingCard>;
  let declined: number;
  let answered: number;
  let failure: ApiError | null;

  beforeEach(() => {
    realtime = new FakeRealtime();
    [declined, answered, failure] = [0, 0, null];
    const decline = async (): Promise<void> => {
      declined += 1;
      await Promise.resolve();
      if (failure) throw failure;
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Rings, useValue: { declineIncomingRing: decline } },
        { provide: CallEntry, useValue: { answerRing: () => new Promise(() => (answered += 1)) } },
        { provide: CallSession, useValue: { active: signal(null) } },
        { provide: Ringer, useValue: { blocked: () => false } },
        { provide: Toasts, useValue: { showToast: () => undefined } },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
    page = TestBed.createComponent(RingCard);
    page.componentRef.setInput('ring', RING);
    page.detectChanges();
  });

  const press = (text: string): void => {
    const buttons = (page.nativeElement as HTMLElement).querySelectorAll('button');
    [...buttons].find(({ textContent }) => textContent.trim() === text)?.click();
    page.detectChanges();
  };

  it('sends a reply only once when pressed repeatedly', async () => {
    press(en.rings.notNow);
    press(REPLY);
    press(REPLY);
    await flushPromises();
    expect(realtime.sentDataOf('chat:send')).toHaveLength(1);
    expect(declined).toBe(1);
  });

  it('sends the same message again after the decline failed', async () => {
    failure = new ApiError('offline', '');
    press(en.rings.notNow);
    press(REPLY);
    await flushPromises();
    page.detectChanges();
    press(REPLY);
    await flushPromises();
    const [first, second] = realtime.sentDataOf('chat:send');
    expect(second).toEqual(first);
  });

  it('answers only once', () => {
    press(en.rings.acceptVoice);
    press(en.rings.acceptCamera);
    expect(answered).toBe(1);
  });
});
