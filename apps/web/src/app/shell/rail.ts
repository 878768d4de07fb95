import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Contacts } from '../core/contacts';
import { ErrorTexts } from '../core/errors';
import { I18n } from '../core/i18n';
import { Reach } from '../core/reach';
import { RoomList } from '../core/room-list';
import { Session } from '../core/session';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { Tooltip } from '../ui/tooltip';
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
