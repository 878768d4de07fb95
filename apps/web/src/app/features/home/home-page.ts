import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Session } from '../../core/session/session';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { Icon } from '../../ui/display/icon';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Button } from '../../ui/forms/button';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { Field } from '../../ui/forms/field';
import { CreateRoomForm } from './create-room-form';
import { pathOfPastedLink } from './pasted-link';

/** The start page: create a room, or join one by a link. */
@Component({
  selector: 'wc-home-page',
  imports: [Button, ConnectedForm, CreateRoomForm, EmptyState, Field, Icon, RouterLink],
  templateUrl: './home-page.html',
  styleUrl: './home-page.scss',
})
export class HomePage {
  private readonly router = inject(Router);
  protected readonly t = inject(I18n).t;
  protected readonly user = inject(Session).user;
  protected readonly list = inject(RoomList);
  /** A guest has exactly one room. */
  protected readonly guestRoom = computed(() => this.list.rooms()[0]);
  protected readonly isFirst = computed(() => this.list.state() === 'ready' && this.list.rooms().length === 0);

  protected readonly link = signal('');
  protected readonly linkForm = createForm<'link'>({
    check: () => ({ link: pathOfPastedLink(this.link()) ? undefined : (t) => t.home.linkMissing }),
    submit: async () => {
      const path = pathOfPastedLink(this.link());
      if (path) await this.router.navigateByUrl(path);
    },
  });
}
