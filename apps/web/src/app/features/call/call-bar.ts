import { Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink } from '@angular/router';
import { may } from '@webcall/domain';
import { filter, map } from 'rxjs';
import { CallSession } from '../../state/call/call-session';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';
import { LocalMedia } from '../../state/media/local-media';
import { Rings } from '../../state/rings/rings';
import { RoomList } from '../../state/rooms/room-list';
import { OwnMedia } from '../../flows/own-media';
import { CallEntry } from '../../flows/call-entry';
import { Button } from '../../ui/forms/button';
import { Icon } from '../../ui/display/icon';
import { Tooltip } from '../../ui/feedback/tooltip';
import { CallAudio } from './call-audio';
import { CallNews } from './notices/call-news';
import { phaseWords } from './notices/phase-words';
import { Knocks } from './notices/knocks';
import { ModerationNews } from './notices/moderation-news';

/** On every page: the sound of the running call, the way back to it with mute and leave, and why one ended. */
@Component({
  selector: 'wc-call-bar',
  imports: [Button, CallAudio, Icon, Knocks, RouterLink, Tooltip],
  providers: [CallNews, ModerationNews],
  templateUrl: './call-bar.html',
  styleUrl: './call-bar.scss',
})
export class CallBar {
  private readonly router = inject(Router);
  private readonly list = inject(RoomList);
  protected readonly rings = inject(Rings);
  protected readonly entry = inject(CallEntry);
  protected readonly session = inject(CallSession);
  private readonly own = inject(OwnMedia);
  protected readonly local = inject(LocalMedia);
  protected readonly formats = inject(Formats);
  protected readonly t = inject(I18n).t;

  private readonly path = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => this.router.url),
    ),
    { initialValue: this.router.url },
  );
  /** The running call, while its room is not on the page. */
  protected readonly elsewhere = computed(() => {
    const stay = this.session.active();
    return stay && !this.isShown(stay.roomId) ? stay : null;
  });
  /** Why a call ended. That one was taken out of it the page of its room says by itself. */
  protected readonly ended = computed(() => {
    const ended = this.session.ended();
    return ended?.why === 'removed' && this.isShown(ended.roomId) ? null : ended;
  });
  /** Who waits at the door of that call, for those who can let them in. */
  protected readonly knocks = computed(() => {
    const role = this.elsewhere()?.self()?.role;
    return role && may(role, 'call:moderate') ? (this.elsewhere()?.knocks() ?? []) : [];
  });
  /** A call to one person came to nothing, while one looked at another page. */
  protected readonly unanswered = computed(() => {
    const outcome = this.rings.outcome();
    if (!outcome || this.path().split(/[?#]/)[0] === `/r/${outcome.roomId}`) return null;
    const words = this.t().rings.outcome(outcome.ring.calleeName, phaseWords(outcome, this.t()));
    return { roomId: outcome.roomId, words };
  });
  private readonly itsRoom = computed(() => this.list.rooms().find(({ id }) => id === this.elsewhere()?.roomId));
  protected readonly roomName = computed(() => this.itsRoom()?.name ?? '');
  protected readonly running = computed(() => {
    const t = this.t().call;
    return (this.itsRoom()?.kind === 'direct' ? t.runningWith : t.runningIn)(this.roomName());
  });

  constructor() {
    inject(CallNews);
    inject(ModerationNews);
  }

  protected toggleMicrophone(): void {
    void this.own.toggle('microphone');
  }

  protected leave(): void {
    void this.session.leave();
  }

  private isShown(roomId: string): boolean {
    return this.path().split(/[?#]/)[0] === `/r/${roomId}`;
  }
}
