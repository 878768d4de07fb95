import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { SessionDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { ApiClient } from '../../core/net/api-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { Dialogs } from '../../ui/feedback/dialog';
import { SessionsList } from './sessions-list';

@Component({
  selector: 'wc-section',
  imports: [SessionsList],
  template: '<section><h2 tabindex="-1">Devices</h2><wc-sessions-list /></section>',
})
class Section {}

describe('SessionsList', () => {
  it.each([
    ['one session', en.settings.signOutSession],
    ['all others', en.settings.signOutElsewhere],
  ])('gives the focus to the heading when the button that ended %s is gone', async (_, name) => {
    let sessions = ['here', 'phone'].map((id) => ({ id, device: id, current: id === 'here', active: true }));
    const api = new FakeApi();
    api.answerRequest('GET /auth/sessions', () => ({ sessions: sessions as SessionDto[], next: null }));
    const endOthers = (): void => void (sessions = sessions.filter(({ current }) => current));
    api.answerRequest('DELETE /auth/sessions', endOthers);
    api.answerRequest('DELETE /auth/sessions/:sessionId', endOthers);
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: api },
        { provide: DateTimeFormats, useValue: {} },
        { provide: I18n, useValue: { t: () => en } },
        { provide: Dialogs, useValue: { askConfirmation: () => Promise.resolve(true) } },
      ],
    });
    const fixture = TestBed.createComponent(Section);
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    const button = [...page.querySelectorAll('button')].find((each) => each.textContent?.trim() === name);
    button?.focus();
    button?.click();
    await fixture.whenStable();
    expect([page.querySelectorAll('button').length, document.activeElement]).toEqual([0, page.querySelector('h2')]);
  });
});
