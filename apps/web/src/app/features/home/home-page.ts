import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { form } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { Session } from '../../core/session/session';
import { Button } from '../../ui/forms/button';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Field } from '../../ui/forms/field';
import { Icon } from '../../ui/display/icon';
import { CreateRoomForm } from './create-room-form';
import { pathOfLink } from './invitation-link';

/** What to do first: make a room, or get into one. */
@Component({
  selector: 'wc-home-page',
  imports: [Button, CreateRoomForm, EmptyState, Field, Icon, RouterLink],
  templateUrl: './home-page.html',
  styleUrl: './home-page.scss',
})
export class HomePage {
  private readonly router = inject(Router);
  protected readonly t = inject(I18n).t;
  protected readonly user = inject(Session).user;
  protected readonly list = inject(RoomList);
  /** The one room of a guest. */
  protected readonly guestRoom = computed(() => this.list.rooms()[0]);
  protected readonly isFirst = computed(() => this.list.state() === 'ready' && this.list.rooms().length === 0);

  protected readonly link = signal('');
  protected readonly joining = form<'link'>({
    check: () => ({ link: pathOfLink(this.link()) ? undefined : (t) => t.home.linkMissing }),
    submit: async () => {
      const path = pathOfLink(this.link());
      if (path) await this.router.navigateByUrl(path);
    },
  });
}
