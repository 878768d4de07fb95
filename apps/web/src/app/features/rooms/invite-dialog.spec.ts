import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { InvitationDto, RoomDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { Toasts } from '../../ui/feedback/toasts';
import { InviteDialog } from './invite-dialog';

const ROOM = { id: 'room', name: 'Kitchen', role: 'owner', visibility: 'private' } as RoomDto;
const INVITATION = { code: 'abc', role: 'guest', expiresAt: null } as InvitationDto;

describe('InviteDialog', () => {
  let toasts: string[];
  let sendAnswer: () => void;
  let fixture: ComponentFixture<InviteDialog>;
  let errors: jest.SpiedFunction<typeof console.warn>;

  beforeEach(() => {
    toasts = [];
    errors = jest.spyOn(console, 'warn').mockReturnValue();
    // As Safari does, unless a press has just asked for it.
    const clipboard = { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) };
    Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
    const api = new FakeApi();
    api.answerRequest('GET /rooms/:roomId/invitations', () => ({ invitations: [], next: null }));
    api.answerRequest(
      'POST /rooms/:roomId/invitations',
      () => new Promise((resolve) => (sendAnswer = () => resolve(INVITATION))),
    );
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: DIALOG_DATA, useValue: ROOM },
        { provide: DialogRef, useValue: { close: () => undefined } },
        { provide: Session, useValue: { user: () => ({ username: 'anna' }) } },
        { provide: DateTimeFormats, useValue: {} },
        { provide: I18n, useValue: { t: () => en } },
        { provide: Toasts, useValue: { showToast: (text: string) => void toasts.push(text) } },
      ],
    });
    fixture = TestBed.createComponent(InviteDialog);
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'clipboard');
    jest.restoreAllMocks();
  });

  it('selects the link without a word where it may not be copied unasked, and says so after a press', async () => {
    await flushPromises();
    sendAnswer();
    await flushPromises();
    await fixture.whenStable();
    await flushPromises();
    const page = fixture.nativeElement as HTMLElement;
    expect([toasts, document.activeElement]).toEqual([[], page.querySelector('input')]);
    page.querySelector<HTMLElement>(`[aria-label="${en.rooms.copy}"]`)?.click();
    await flushPromises();
    expect(toasts).toEqual([en.rooms.copyFailed]);
  });

  it('shows nothing any more when it was closed meanwhile', async () => {
    await flushPromises();
    fixture.destroy();
    sendAnswer();
    await flushPromises();
    expect([fixture.componentInstance['invitation'](), errors.mock.calls]).toEqual([null, []]);
  });
});
