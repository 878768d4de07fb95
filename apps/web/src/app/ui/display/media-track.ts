import { Directive, effect, ElementRef, inject, input, output } from '@angular/core';

/** Plays a track in a `<video>` or `<audio>` element. */
@Directive({ selector: 'video[wcTrack], audio[wcTrack]' })
export class MediaTrack {
  private readonly element = inject<ElementRef<HTMLMediaElement>>(ElementRef).nativeElement;
  readonly track = input<MediaStreamTrack | null | undefined>(null, { alias: 'wcTrack' });
  /** The browser plays no sound before the person has clicked somewhere. */
  readonly blocked = output();

  constructor() {
    effect((onCleanup) => {
      const track = this.track();
      this.element.srcObject = track ? new MediaStream([track]) : null;
      if (track) void this.play();
      onCleanup(() => (this.element.srcObject = null));
    });
  }

  async play(): Promise<void> {
    try {
      await this.element.play();
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      // An element whose track changes while it starts is asked again by the next effect.
      if (name === 'AbortError') return;
      if (name !== 'NotAllowedError') throw error;
      this.blocked.emit();
    }
  }
}
