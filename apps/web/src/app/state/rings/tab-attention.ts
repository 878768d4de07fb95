import { DOCUMENT, effect, inject, Injectable } from '@angular/core';
import { PageTitle } from '../../core/text/page-title';
import { CallSession } from '../call/call-session';
import { Rings } from './rings';

const TITLE_TURN_MS = 1000;
const ICON = { usual: 'favicon.svg', ringing: 'favicon-ring.svg' };

/** Shows an incoming ring in the tab's title and icon, and a running call in its title: so it is found among others. */
@Injectable({ providedIn: 'root' })
export class TabAttention {
  private readonly title = inject(PageTitle);
  private readonly document = inject(DOCUMENT);

  constructor() {
    const [rings, call] = [inject(Rings), inject(CallSession)];
    effect(() => this.title.activity.set(call.active() ? (t) => t.call.inCallNow : null));
    effect((onCleanup) => {
      const [ring] = rings.incoming();
      if (!ring) return;
      let on = false;
      const turn = (): void => {
        on = !on;
        this.showCallerInTab(on ? ring.callerName : null);
      };
      turn();
      const turning = setInterval(turn, TITLE_TURN_MS);
      onCleanup(() => {
        clearInterval(turning);
        this.showCallerInTab(null);
      });
    });
  }

  private showCallerInTab(caller: string | null): void {
    this.title.alert.set(caller === null ? null : (t) => t.rings.calling(caller));
    this.document.querySelector('link[rel=icon]')?.setAttribute('href', caller === null ? ICON.usual : ICON.ringing);
  }
}
