import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RingDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { I18n } from '../../core/text/i18n';
import { PageTitle } from '../../core/text/page-title';
import { CallSession } from '../call/call-session';
import { Rings } from './rings';
import { TabAttention } from './tab-attention';

/** Has the page react, and the title written behind it. */
async function settle(): Promise<void> {
  TestBed.tick();
  await Promise.resolve();
}

describe('TabAttention', () => {
  const active = signal<object | null>(null);
  const incoming = signal<RingDto[]>([]);

  beforeEach(async () => {
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
    await settle();
  });

  it('shows in the title of the tab that a call is on, with the page and what is unread', async () => {
    expect(document.title).toBe('Kitchen · WebCall');
    active.set({});
    await settle();
    expect(document.title).toBe('In a call · Kitchen · WebCall');
    TestBed.inject(PageTitle).badge.set(2);
    await settle();
    expect(document.title).toBe('(2) In a call · Kitchen · WebCall');
    active.set(null);
    await settle();
    expect(document.title).toBe('(2) Kitchen · WebCall');
  });

  it('shows a ring before everything else', async () => {
    active.set({});
    incoming.set([{ id: 'ring', callerName: 'Anna' } as RingDto]);
    await settle();
    expect(document.title).toBe('Anna is calling');
    incoming.set([]);
    await settle();
    expect(document.title).toBe('In a call · Kitchen · WebCall');
  });
});
