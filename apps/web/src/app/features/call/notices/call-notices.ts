import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DestroyRef, effect, inject, Injectable } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { I18n } from '../../../core/text/i18n';
import { CallSession } from '../../../state/call/call-session';
import { DeviceChoice } from '../../../state/media/device-choice';
import { LocalMedia } from '../../../state/media/local-media';
import { Toasts } from '../../../ui/feedback/toasts';

/** Announces changes of the running call: participants to screen readers, and changes of the own devices as toasts. */
@Injectable()
export class CallNotices {
  private readonly session = inject(CallSession);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly toasts = inject(Toasts);
  private readonly t = inject(I18n).t;
  private callId = '';
  private present = new Map<string, { name: string; screen: boolean }>();

  constructor() {
    effect(() => this.announceCallChanges());
    inject(LocalMedia)
      .news.pipe(takeUntilDestroyed())
      .subscribe(({ kind, type, name }) =>
        this.toasts.showToast(this.t().devices[type][kind](name), type === 'lost' ? 'bad' : 'good'),
      );
    const stop = inject(DeviceChoice).onDevicesChanged(({ list, added }) => {
      // If a whole kind is new, a permission was granted and nothing was plugged in.
      const kinds = [list.microphones, list.cameras, list.speakers].filter(
        (kind) => !kind.every((d) => added.includes(d)),
      );
      const addedDevices = kinds.flat().filter((d) => added.includes(d) && d.name);
      // A headset is both a microphone and a speaker: its name is shown only once.
      const names = new Set(addedDevices.map(({ name }) => name));
      if (this.session.active()) for (const name of names) this.toasts.showToast(this.t().devices.added(name));
    });
    inject(DestroyRef).onDestroy(stop);
  }

  private announceCallChanges(): void {
    const activeCall = this.session.active();
    const t = this.t().call;
    const now = new Map(activeCall?.others().map((p) => [p.id, { name: p.name, screen: p.media.screen }]));
    if ((activeCall?.callId ?? '') !== this.callId) this.announcePolitely(activeCall ? t.youJoined : t.youLeft);
    else {
      for (const [id, { name, screen }] of now) {
        const before = this.present.get(id);
        if (!before) this.announcePolitely(t.joined(name));
        if (screen && !before?.screen) this.announcePolitely(t.screenStarted(name));
      }
      for (const [id, { name }] of this.present) if (!now.has(id)) this.announcePolitely(t.left(name));
    }
    this.callId = activeCall?.callId ?? '';
    this.present = now;
  }

  private announcePolitely(text: string): void {
    void this.announcer.announce(text, 'polite');
  }
}
