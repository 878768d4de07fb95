import { Directive, effect, ElementRef, inject, input, output } from '@angular/core';

/** Plays a track in a `<video>` or `<audio>` element. */
@Directive({ selector: 'video[wcTrack], audio[wcTrack]' })
export class MediaTrack {
  private readonly element = inject<ElementRef<HTMLMediaElement>>(ElementRef).nativeElement;
  readonly track = input<MediaStreamTrack | null | undefined>(null, { alias: 'wcTrack' });
  /** The browser refused to play sound because the user has not clicked anywhere yet. */
  readonly blocked = output();

  constructor() {
    effect((onCleanup) => {
      const track = this.track();
      this.element.srcObject = track ? new MediaStream([track]) : null;
      if (track) void this.playMediaElement();
      onCleanup(() => (this.element.srcObject = null));
    });
  }

  async playMediaElement(): Promise<void> {
    try {
      await this.element.play();
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      // The track changed while the element was starting; the next effect plays it again.
      if (name === 'AbortError') return;
      if (name !== 'NotAllowedError') throw error;
      this.blocked.emit();
    }
  }
}
