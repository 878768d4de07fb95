import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DestroyRef, effect, inject, Injectable } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { CallSession } from '../../../state/call/call-session';
import { DeviceChoice } from '../../../state/media/devices';
import { I18n } from '../../../core/text/i18n';
import { LocalMedia } from '../../../state/media/local-media';
import { Toasts } from '../../../ui/feedback/toasts';

/** Tells what happens in the running call: who comes and goes to screen readers, and what becomes of the own devices. */
@Injectable()
export class CallNews {
  private readonly session = inject(CallSession);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly toasts = inject(Toasts);
  private readonly t = inject(I18n).t;
  private callId = '';
  private present = new Map<string, { name: string; screen: boolean }>();

  constructor() {
    effect(() => this.compare());
    inject(LocalMedia)
      .news.pipe(takeUntilDestroyed())
      .subscribe(({ kind, type, name }) =>
        this.toasts.show(this.t().devices[type][kind](name), type === 'lost' ? 'bad' : 'good'),
      );
    const stop = inject(DeviceChoice).onChange(({ list, added }) => {
      // A whole kind that becomes known is what the first permission brings, nothing was plugged in.
      const kinds = [list.microphones, list.cameras, list.speakers].filter(
        (kind) => !kind.every((d) => added.includes(d)),
      );
      const news = kinds.flat().filter((d) => added.includes(d) && d.name);
      // One headset is a microphone and a speaker: its name is told once.
      const names = new Set(news.map(({ name }) => name));
      if (this.session.active()) for (const name of names) this.toasts.show(this.t().devices.added(name));
    });
    inject(DestroyRef).onDestroy(stop);
  }

  private compare(): void {
    const stay = this.session.active();
    const t = this.t().call;
    const now = new Map(stay?.others().map((p) => [p.id, { name: p.name, screen: p.media.screen }]));
    if ((stay?.callId ?? '') !== this.callId) this.say(stay ? t.youJoined : t.youLeft);
    else {
      for (const [id, { name, screen }] of now) {
        const before = this.present.get(id);
        if (!before) this.say(t.joined(name));
        if (screen && !before?.screen) this.say(t.screenStarted(name));
      }
      for (const [id, { name }] of this.present) if (!now.has(id)) this.say(t.left(name));
    }
    this.callId = stay?.callId ?? '';
    this.present = now;
  }

  private say(text: string): void {
    void this.announcer.announce(text, 'polite');
  }
}
