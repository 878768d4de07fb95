import { Component, computed, effect, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import { RealtimeClient } from '../core/net/realtime-client';
import { errorToText } from '../core/text/error-texts';
import { I18n } from '../core/text/i18n';
import { PageTitle } from '../core/text/page-title';
import { CallBar } from '../features/call/call-bar';
import { RingCards } from '../features/rings/ring-cards';
import { CallSession } from '../state/call/call-session';
import { Outbox } from '../state/chat/outbox';
import { PresenceReporter } from '../state/people/presence-reporter';
import { Ringer } from '../state/rings/ringer';
import { Rings } from '../state/rings/rings';
import { TabAttention } from '../state/rings/tab-attention';
import { RoomList } from '../state/rooms/room-list';
import { BottomNavigation } from './bottom-navigation';
import { Rail } from './rail';

/** The frame around every page of a signed-in user: the rail, the page, and on phones the navigation at the bottom. */
@Component({
  selector: 'wc-shell',
  imports: [BottomNavigation, CallBar, Rail, RingCards, RouterOutlet],
  template: `
    @defer (when ringing(); prefetch on idle) {
      <wc-ring-cards />
    }
    <wc-rail [folded]="staged()" />
    <div class="column">
      @if (realtime.status() === 'offline' || realtime.seemsCutOff()) {
        <p class="offline" role="status">{{ offline() }}</p>
      }
      @defer (on idle) {
        <wc-call-bar />
      }
      <main id="main"><router-outlet /></main>
    </div>
    <wc-bottom-navigation />
  `,
  host: { '[class]': "'at-' + place()", '[class.staged]': 'staged()' },
  styleUrl: './shell.scss',
})
export class Shell {
  protected readonly t = inject(I18n).t;
  protected readonly realtime = inject(RealtimeClient);
  private readonly rings = inject(Rings);
  private readonly call = inject(CallSession);
  private readonly router = inject(Router);
  private readonly path = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => this.router.url),
    ),
    { initialValue: this.router.url },
  );

  private readonly pagePath = computed(() => this.path().split(/[?#]/)[0] ?? '/');
  /** On a phone one thing is shown at a time: the list at home, the room alone in a room. */
  protected readonly place = computed(() => {
    const path = this.pagePath();
    return path === '/' ? 'home' : path.startsWith('/r/') ? 'room' : 'page';
  });
  /** The running call is on the page, and has the window: the rail is folded. */
  protected readonly staged = computed(() => {
    const roomId = this.call.active()?.roomId;
    return roomId !== undefined && this.pagePath() === `/r/${roomId}`;
  });

  protected readonly offline = computed(() => {
    const refusal = this.realtime.refusal();
    return refusal ? errorToText(refusal, this.t()) : this.t().connection.offline;
  });

  /** Triggers loading of the ring cards; they stay loaded after the first ring. */
  protected readonly ringing = computed(() => this.rings.incoming().length > 0);

  constructor() {
    inject(TabAttention);
    // Messages written before a restart are sent from whatever page is open now.
    inject(Outbox);
    inject(PresenceReporter);
    inject(Ringer);
    const title = inject(PageTitle);
    const rooms = inject(RoomList);
    effect(() => title.badge.set(rooms.unread()));
  }
}
