import { inject, Injectable } from '@angular/core';
import type { ContactDto } from '@webcall/contracts';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';

/** Describes a contact's presence in words. */
@Injectable({ providedIn: 'root' })
export class PresenceTexts {
  private readonly t = inject(I18n).t;
  private readonly formats = inject(DateTimeFormats);

  describePresence({ presence, lastSeenAt }: Pick<ContactDto, 'presence' | 'lastSeenAt'>): string {
    const t = this.t().presence;
    if (presence === null || presence === 'offline') {
      return lastSeenAt ? t.lastSeen(this.formats.formatCompactTime(lastSeenAt)) : t.offline;
    }
    return t[presence];
  }
}
