import { Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink } from '@angular/router';
import { isActionAllowed } from '@webcall/domain';
import { filter, map } from 'rxjs';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { OwnMediaControls } from '../../flows/own-media-controls';
import { CallSession } from '../../state/call/call-session';
import { Rings } from '../../state/rings/rings';
import { RoomList } from '../../state/rooms/room-list';
import { Icon } from '../../ui/display/icon';
import { IconLabel, Tooltip } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { CallAudio } from './call-audio';
import { CallNotices } from './notices/call-notices';
import { describeRingPhase } from './notices/describe-ring-phase';
import { Knocks } from './notices/knocks';
import { ModerationNotices } from './notices/moderation-notices';

/** A bar on every page: plays the running call, links back to it with mute and leave, and says why a call ended. */
@Component({
  selector: 'wc-call-bar',
  imports: [Button, CallAudio, Icon, IconLabel, Knocks, RouterLink, Tooltip],
  providers: [CallNotices, ModerationNotices],
  templateUrl: './call-bar.html',
  styleUrl: './call-bar.scss',
})
export class CallBar {
  private readonly router = inject(Router);
  private readonly list = inject(RoomList);
  protected readonly rings = inject(Rings);
  protected readonly entry = inject(CallEntry);
  protected readonly session = inject(CallSession);
  protected readonly own = inject(OwnMediaControls);
  protected readonly formats = inject(DateTimeFormats);
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
    const activeCall = this.session.active();
    return activeCall && !this.isRoomOnPage(activeCall.roomId) ? activeCall : null;
  });
  /** Why a call ended. A removal is left out on the page of its room, which reports it itself. */
  protected readonly ended = computed(() => {
    const callEnd = this.session.ended();
    return callEnd?.why === 'removed' && this.isRoomOnPage(callEnd.roomId) ? null : callEnd;
  });
  /** Knocks waiting at the door of that call; empty unless the user can admit them. */
  protected readonly knocks = computed(() => {
    const role = this.elsewhere()?.self()?.role;
    return role && isActionAllowed(role, 'call:moderate') ? (this.elsewhere()?.knocks() ?? []) : [];
  });
  /** A call to one person that was declined or not answered, unless the page of its room is open. */
  protected readonly unanswered = computed(() => {
    const outcome = this.rings.outcome();
    if (!outcome || this.path().split(/[?#]/)[0] === `/r/${outcome.roomId}`) return null;
    const words = this.t().rings.outcome(outcome.ring.calleeName, describeRingPhase(outcome, this.t()));
    return { roomId: outcome.roomId, words };
  });
  private readonly runningCallRoom = computed(() => this.list.findRoom(this.elsewhere()?.roomId ?? ''));
  protected readonly roomName = computed(() => this.runningCallRoom()?.name ?? '');
  protected readonly running = computed(() => {
    const t = this.t().call;
    return (this.runningCallRoom()?.kind === 'direct' ? t.runningWith : t.runningIn)(this.roomName());
  });

  constructor() {
    inject(CallNotices);
    inject(ModerationNotices);
  }

  protected leaveCallElsewhere(): void {
    void this.session.leaveActiveCall();
  }

  private isRoomOnPage(roomId: string): boolean {
    return this.path().split(/[?#]/)[0] === `/r/${roomId}`;
  }
}
