import { Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Session } from '../core/session/session';
import { ErrorTexts } from '../core/text/error-texts';
import { I18n } from '../core/text/i18n';
import { FailureToasts } from '../flows/failure-toasts';
import { Contacts } from '../state/people/contacts';
import { ReachabilitySettings } from '../state/people/reachability-settings';
import { RoomList } from '../state/rooms/room-list';
import { Avatar } from '../ui/display/avatar';
import { Icon } from '../ui/display/icon';
import type { IconName } from '../ui/display/icons';
import { Skeleton } from '../ui/feedback/skeleton';
import { IconLabel, Tooltip } from '../ui/feedback/tooltip';
import { Button } from '../ui/forms/button';
import { Field } from '../ui/forms/field';
import { PartialList } from '../widgets/partial-list';
import { ShowMore } from '../widgets/show-more';
import { RoomRow } from './room-row';

/** The rail at the side: the user, the navigation, and the searchable list of their rooms. */
@Component({
  selector: 'wc-rail',
  imports: [Avatar, Button, Field, Icon, IconLabel, RoomRow, RouterLink, RouterLinkActive, ShowMore, Skeleton, Tooltip],
  templateUrl: './rail.html',
  styleUrl: './rail.scss',
  host: { '[class.folded]': 'folded()' },
})
export class Rail {
  protected readonly t = inject(I18n).t;
  protected readonly user = inject(Session).user;
  protected readonly list = inject(RoomList);
  protected readonly errors = inject(ErrorTexts);
  private readonly contacts = inject(Contacts);
  protected readonly reachability = inject(ReachabilitySettings);
  private readonly failures = inject(FailureToasts);
  /** Only icons are shown, also on a wide window. */
  readonly folded = input(false);
  protected readonly query = signal('');
  protected readonly pages = computed((): { path: string; name: string; icon: IconName; waiting?: number }[] => {
    const t = this.t();
    return [
      { path: '/', name: t.home.newRoom, icon: 'plus' },
      { path: '/rooms/browse', name: t.home.browse, icon: 'compass' },
      { path: '/people', name: t.people.title, icon: 'people', waiting: this.contacts.waiting() },
      { path: '/calls', name: t.history.title, icon: 'call' },
    ];
  });
  protected readonly found = computed(() => {
    const query = this.query().trim().toLocaleLowerCase();
    const rooms = this.list.rooms();
    return query ? rooms.filter(({ name }) => name.toLocaleLowerCase().includes(query)) : rooms;
  });
  protected readonly shown = new PartialList(this.found, this.query);

  protected async toggleDoNotDisturb(): Promise<void> {
    const doNotDisturb = !this.reachability.settings().doNotDisturb;
    await this.failures.runWithToast(() => this.reachability.changeReachability({ doNotDisturb }));
  }
}
