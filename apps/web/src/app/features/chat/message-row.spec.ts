import { TestBed } from '@angular/core/testing';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { I18n } from '../../core/text/i18n';
import type { PlainMessage } from '../../state/chat/message-intake';
import { MessageRowView } from './message-row';

describe('MessageRowView', () => {
  it('shows an older message under the current name of its author', async () => {
    const realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: {} },
        { provide: I18n, useValue: { t: () => en, language: () => 'en' } },
      ],
    });
    const message: PlainMessage = {
      ...{ id: 'm', roomId: 'r', seq: 1, revision: 0, authorId: 'b', authorName: 'boris', editedAt: null },
      ...{ sentAt: '2026-11-22T10:00:00.000Z', content: { type: 'text', text: 'hello' } },
    };
    const fixture = TestBed.createComponent(MessageRowView);
    fixture.componentRef.setInput('row', { kind: 'message', key: 'm', message, joined: false });
    fixture.componentRef.setInput('self', { id: 'a', username: 'anna' });
    await fixture.whenStable();
    const shown = () => (fixture.nativeElement as HTMLElement).querySelector('.name')?.textContent;
    expect(shown()).toBe('boris');
    const member = { userId: 'b', name: 'bob', role: 'member', joinedAt: '' } as const;
    realtime.emitServerEvent('room:changed', { roomId: 'r', change: { type: 'member_changed', member } });
    await fixture.whenStable();
    expect(shown()).toBe('bob');
  });
});
