import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Contacts } from '../state/people/contacts';
import { ErrorTexts } from '../core/text/errors';
import { I18n } from '../core/text/i18n';
import { Reach } from '../state/people/reach';
import { RoomList } from '../state/rooms/room-list';
import { Session } from '../core/session/session';
import { Avatar } from '../ui/display/avatar';
import { Button } from '../ui/forms/button';
import { Field } from '../ui/forms/field';
import { Icon } from '../ui/display/icon';
import { Skeleton } from '../ui/feedback/skeleton';
import { Toasts } from '../ui/feedback/toasts';
import { Tooltip } from '../ui/feedback/tooltip';
import { RoomRow } from './room-row';

/** Me, search, and my rooms. */
@Component({
  selector: 'wc-rail',
  imports: [Avatar, Button, Field, Icon, RoomRow, RouterLink, RouterLinkActive, Skeleton, Tooltip],
  templateUrl: './rail.html',
  styleUrl: './rail.scss',
})
export class Rail {
  protected readonly t = inject(I18n).t;
  protected readonly user = inject(Session).user;
  protected readonly list = inject(RoomList);
  protected readonly errors = inject(ErrorTexts);
  protected readonly contacts = inject(Contacts);
  protected readonly reach = inject(Reach);
  private readonly toasts = inject(Toasts);
  protected readonly query = signal('');
  protected readonly found = computed(() => {
    const query = this.query().trim().toLocaleLowerCase();
    const rooms = this.list.rooms();
    return query ? rooms.filter(({ name }) => name.toLocaleLowerCase().includes(query)) : rooms;
  });

  protected async toggleQuiet(): Promise<void> {
    try {
      await this.reach.change({ doNotDisturb: !this.reach.settings().doNotDisturb });
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }
}
