import { Component, computed, effect, inject, viewChildren } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { chooseSpeaker } from '@webcall/rtc';
import { CallSession } from '../../state/call/call-session';
import { DeviceChoice } from '../../state/media/device-choice';
import { MediaTrack } from '../../ui/display/media-track';

/** Plays the sound of the call. It is separate from the stage, so that it continues on other pages. */
@Component({
  selector: 'wc-call-audio',
  imports: [MediaTrack],
  template: `
    @for (sound of sounds(); track sound.key) {
      <audio
        #element
        autoplay
        [wcTrack]="sound.track"
        [attr.data-participant]="sound.participantId"
        [attr.data-kind]="sound.kind"
        (blocked)="session.soundBlocked.set(true)"
      ></audio>
    }
  `,
  styles: `
    :host {
      display: none;
    }
  `,
})
export class CallAudio {
  private readonly choice = inject(DeviceChoice);
  protected readonly session = inject(CallSession);
  private readonly players = viewChildren(MediaTrack);
  private readonly elements = viewChildren<{ nativeElement: HTMLAudioElement }>('element');

  protected readonly sounds = computed(() => {
    const activeCall = this.session.active();
    if (!activeCall) return [];
    const kinds = ['microphone', 'screenSound'] as const;
    return [...activeCall.remote()].flatMap(([participantId, tracks]) =>
      kinds.flatMap((kind) => {
        const track = tracks[kind];
        return track ? [{ key: `${participantId} ${kind}`, participantId, kind, track }] : [];
      }),
    );
  });

  constructor() {
    effect(() => {
      const speaker = this.choice.speaker();
      for (const { nativeElement } of this.elements()) void this.routeAudioToSpeaker(nativeElement, speaker);
    });
    this.session.unblockSound.pipe(takeUntilDestroyed()).subscribe(() => {
      this.session.soundBlocked.set(false);
      for (const player of this.players()) void player.playMediaElement();
    });
  }

  private async routeAudioToSpeaker(element: HTMLAudioElement, speaker: string): Promise<void> {
    if (element.sinkId === speaker) return;
    try {
      await chooseSpeaker(element, speaker);
    } catch (error) {
      // The sound continues on the previous speaker.
      console.warn('this speaker cannot be used', error);
    }
  }
}
