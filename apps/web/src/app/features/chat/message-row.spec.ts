import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import type { PlainMessage } from '../../state/chat/message-intake';
import { MessageRowView } from './message-row';

const MESSAGE: PlainMessage = {
  ...{ id: 'm', roomId: 'r', seq: 1, revision: 0, authorId: 'b', authorName: 'boris', editedAt: null },
  ...{ sentAt: '2026-11-22T10:00:00.000Z', content: { type: 'text', text: 'hello' } },
};

describe('MessageRowView', () => {
  let realtime: FakeRealtime;
  let fixture: ComponentFixture<MessageRowView>;

  beforeEach(() => {
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: {} },
        { provide: Session, useValue: { user: () => ({ id: 'a', guest: false }) } },
        { provide: I18n, useValue: { t: () => en, language: () => 'en' } },
      ],
    });
    fixture = TestBed.createComponent(MessageRowView);
    fixture.componentRef.setInput('row', { kind: 'message', key: 'm', message: MESSAGE, joined: false });
    fixture.componentRef.setInput('self', { id: 'a', username: 'anna' });
  });

  it('shows an older message under the current name of its author', async () => {
    await fixture.whenStable();
    const shown = () => (fixture.nativeElement as HTMLElement).querySelector('.name')?.textContent?.trim();
    expect(shown()).toBe('boris');
    const member = { userId: 'b', name: 'bob', role: 'member', joinedAt: '' } as const;
    realtime.emitServerEvent('room:changed', { roomId: 'r', change: { type: 'member_changed', member } });
    await fixture.whenStable();
    expect(shown()).toBe('bob');
  });

  it.each([
    ['a button in a group', false, 1],
    ['only read out in a direct room, where nobody sees it', true, 0],
  ])('has the name of the author as %s', async (_, bubble, buttons) => {
    fixture.componentRef.setInput('active', true);
    fixture.componentRef.setInput('bubble', bubble);
    await fixture.whenStable();
    const name = (fixture.nativeElement as HTMLElement).querySelector('.name');
    expect([name?.textContent?.trim(), name?.querySelectorAll('button').length]).toEqual(['boris', buttons]);
  });
});
