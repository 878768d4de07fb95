import { TestBed } from '@angular/core/testing';
import { en } from '../../../i18n/en';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime } from '../../core/net/testing/fake-realtime';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { PresenceTexts } from './presence-texts';

describe('PresenceTexts', () => {
  const realtime = new FakeRealtime();
  const shown = (presence: 'online' | 'away' | 'offline' | null) => {
    const texts = TestBed.inject(PresenceTexts);
    return [texts.shownPresence(presence), texts.describePresence({ presence, lastSeenAt: null })];
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: DateTimeFormats, useValue: {} },
        { provide: I18n, useValue: { t: () => en } },
      ],
    });
  });

  it.each(['online', 'away'] as const)('claims of nobody that they are %s while there is no connection', (presence) => {
    realtime.status.set('online');
    expect(shown(presence)).toEqual([presence, en.presence[presence]]);
    realtime.status.set('offline');
    expect(shown(presence)).toEqual(['unknown', en.presence.unknown]);
  });

  it.each(['offline', null] as const)('leaves %s as it is', (presence) => {
    realtime.status.set('offline');
    expect(shown(presence)).toEqual(['offline', en.presence.offline]);
  });
});
