import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { RingDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiError } from '../../core/net/api-error';
import { CallSession } from '../../state/call/call-session';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Ringer } from '../../state/rings/ringer';
import { Rings } from '../../state/rings/rings';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';
import { CallEntry } from '../../flows/call-entry';
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
        { provide: Rings, useValue: { decline } },
        { provide: CallEntry, useValue: { answer: () => new Promise(() => (answered += 1)) } },
        { provide: CallSession, useValue: { active: signal(null) } },
        { provide: Ringer, useValue: { blocked: () => false } },
        { provide: Toasts, useValue: { show: () => undefined } },
        { provide: ErrorTexts, useValue: { of: () => '' } },
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

  it('sends a reply once, however often it is pressed', async () => {
    press(en.rings.notNow);
    press(REPLY);
    press(REPLY);
    await settled();
    expect(realtime.dataOf('chat:send')).toHaveLength(1);
    expect(declined).toBe(1);
  });

  it('sends the same message when it is pressed again because the decline failed', async () => {
    failure = new ApiError('offline', '');
    press(en.rings.notNow);
    press(REPLY);
    await settled();
    page.detectChanges();
    press(REPLY);
    await settled();
    const [first, second] = realtime.dataOf('chat:send');
    expect(second).toEqual(first);
  });

  it('answers once', () => {
    press(en.rings.acceptVoice);
    press(en.rings.acceptCamera);
    expect(answered).toBe(1);
  });
});
