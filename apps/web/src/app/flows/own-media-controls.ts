import { computed, inject, Injectable } from '@angular/core';
import type { MediaKind } from '@webcall/domain';
import { MediaError } from '@webcall/rtc';
import { I18n } from '../core/text/i18n';
import { CallReactions } from '../state/call/call-reactions';
import { type CaptureKind, LocalMedia } from '../state/media/local-media';
import type { IconName } from '../ui/display/icons';
import { Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { DeviceProblemToasts } from './device-problem-toasts';
import { FailureToasts } from './failure-toasts';

type SwitchableMedia = Exclude<MediaKind, 'screenSound'>;

/** The user's own switches in a call: on and off, and the hand to raise when a moderator holds something. */
@Injectable({ providedIn: 'root' })
export class OwnMediaControls {
  private readonly local = inject(LocalMedia);
  private readonly signs = inject(CallReactions);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly failures = inject(FailureToasts);
  private readonly deviceProblems = inject(DeviceProblemToasts);
  private readonly t = inject(I18n).t;

  /** The texts for the media that a moderator holds. */
  readonly heldTexts = computed(() => {
    const t = this.t().moderation.youAreHeld;
    const held = this.local.held();
    return (['microphone', 'camera', 'screen'] as const).filter((kind) => held.includes(kind)).map((kind) => t[kind]);
  });

  /** The switches of the own devices: what a press does, what there is to say about it, and what is shown. */
  readonly deviceSwitches = computed(() => {
    const t = this.t().call;
    return {
      microphone: this.describeDeviceSwitch('microphone', t.mute, t.unmute),
      camera: this.describeDeviceSwitch('camera', t.cameraOff, t.cameraOn),
    };
  });

  async toggleDevice(kind: CaptureKind): Promise<void> {
    if (this.isHeldByModerator(kind)) return this.offerToRaiseHand(kind);
    await this.local.setDeviceEnabled(kind, !this.local.on()[kind]);
    this.deviceProblems.showDeviceProblem(kind);
  }

  async toggleScreenShare(): Promise<void> {
    if (this.isHeldByModerator('screen')) return this.offerToRaiseHand('screen');
    if (this.local.screen()) return this.local.stopScreenSharing();
    try {
      await this.local.shareScreen();
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      // Closing the browser's picker is no failure: the person has changed their mind.
      if (error.reason !== 'denied') this.toasts.showToast(this.t().devices.shareFailed, 'bad');
    }
  }

  async setOwnHandRaised(raised: boolean): Promise<void> {
    await this.failures.runWithToast(() => this.signs.sendHandRaised(raised));
  }

  private isHeldByModerator(kind: SwitchableMedia): boolean {
    return this.local.held().includes(kind);
  }

  private describeDeviceSwitch(kind: CaptureKind, turnOff: string, turnOn: string) {
    const [on, held] = [this.local.on()[kind], this.isHeldByModerator(kind)];
    const name = on ? turnOff : turnOn;
    const hint = held ? this.t().moderation.youAreHeld[kind] : name;
    const icon: IconName = held && kind === 'microphone' ? 'microphoneHeld' : on ? kind : `${kind}Off`;
    return { on, busy: this.local.busy()[kind], name, hint, icon };
  }

  /** The media stay off; the person can only ask by raising their hand. */
  private async offerToRaiseHand(kind: SwitchableMedia): Promise<void> {
    const t = this.t();
    const title = t.moderation.youAreHeld[kind];
    if (this.signs.handIsUp()) return this.toasts.showToast(`${title}. ${t.moderation.handIsUpHint}`, 'bad');
    const question = { title, text: t.moderation.heldHint, confirm: t.signs.raise, cancel: t.common.close };
    if (await this.dialogs.askConfirmation(question)) await this.setOwnHandRaised(true);
  }
}
