import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RingDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { I18n } from '../../core/text/i18n';
import { PageTitle } from '../../core/text/page-title';
import { CallSession } from '../call/call-session';
import { Rings } from './rings';
import { TabAttention } from './tab-attention';

describe('TabAttention', () => {
  const active = signal<object | null>(null);
  const incoming = signal<RingDto[]>([]);

  beforeEach(() => {
    active.set(null);
    incoming.set([]);
    TestBed.configureTestingModule({
      providers: [
        { provide: I18n, useValue: { t: signal(en) } },
        { provide: CallSession, useValue: { active } },
        { provide: Rings, useValue: { incoming } },
      ],
    });
    TestBed.inject(TabAttention);
    TestBed.inject(PageTitle).setPageName(() => 'Kitchen');
    TestBed.tick();
  });

  it('shows in the title of the tab that a call is on, with the page and what is unread', () => {
    expect(document.title).toBe('Kitchen · WebCall');
    active.set({});
    TestBed.tick();
    expect(document.title).toBe('In a call · Kitchen · WebCall');
    TestBed.inject(PageTitle).badge.set(2);
    TestBed.tick();
    expect(document.title).toBe('(2) In a call · Kitchen · WebCall');
    active.set(null);
    TestBed.tick();
    expect(document.title).toBe('(2) Kitchen · WebCall');
  });

  it('shows a ring before everything else', () => {
    active.set({});
    incoming.set([{ id: 'ring', callerName: 'Anna' } as RingDto]);
    TestBed.tick();
    expect(document.title).toBe('Anna is calling');
    incoming.set([]);
    TestBed.tick();
    expect(document.title).toBe('In a call · Kitchen · WebCall');
  });
});
