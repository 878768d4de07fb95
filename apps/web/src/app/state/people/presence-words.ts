import { inject, Injectable } from '@angular/core';
import type { ContactDto } from '@webcall/contracts';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';

/** Where a contact is, in words. */
@Injectable({ providedIn: 'root' })
export class PresenceWords {
  private readonly t = inject(I18n).t;
  private readonly formats = inject(Formats);

  of({ presence, lastSeenAt }: Pick<ContactDto, 'presence' | 'lastSeenAt'>): string {
    const t = this.t().presence;
    if (presence === null || presence === 'offline') {
      return lastSeenAt ? t.lastSeen(this.formats.short(lastSeenAt)) : t.offline;
    }
    return t[presence];
  }
}
