import { inject, Injectable } from '@angular/core';
import type { ContactDto } from '@webcall/contracts';
import { RealtimeClient } from '../../core/net/realtime-client';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';

/** A contact's presence as it is shown: while there is no connection, nobody knows who is there. */
@Injectable({ providedIn: 'root' })
export class PresenceTexts {
  private readonly t = inject(I18n).t;
  private readonly formats = inject(DateTimeFormats);
  private readonly seemsCutOff = inject(RealtimeClient).seemsCutOff;

  /** What the dot on the contact's face shows. */
  shownPresence(presence: ContactDto['presence']): NonNullable<ContactDto['presence']> | 'unknown' {
    if (presence === null || presence === 'offline') return 'offline';
    return this.seemsCutOff() ? 'unknown' : presence;
  }

  describePresence({ presence, lastSeenAt }: Pick<ContactDto, 'presence' | 'lastSeenAt'>): string {
    const t = this.t().presence;
    if (presence === null || presence === 'offline') {
      return lastSeenAt ? t.lastSeen(this.formats.formatCompactTime(lastSeenAt)) : t.offline;
    }
    return t[this.shownPresence(presence)];
  }
}
