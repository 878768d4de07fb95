import { inject, Injectable, InjectionToken, signal } from '@angular/core';
import { chooseSpeaker } from '@webcall/rtc';
import { DeviceChoice } from './devices';
import { MELODIES, type Tone } from './melodies';
import { synthesize } from './synth';

/** What makes sounds; tests have their own. */
export interface SoundSource {
  file(url: string): HTMLAudioElement;
  synthesize: typeof synthesize;
}

export const SOUND_SOURCE = new InjectionToken<SoundSource>('SOUND_SOURCE', {
  providedIn: 'root',
  factory: () => ({ file: (url) => new Audio(url), synthesize }),
});

/** Plays one tone at a time: the file, or when it cannot be played the same notes made on the spot. */
@Injectable({ providedIn: 'root' })
export class TonePlayer {
  private readonly source = inject(SOUND_SOURCE);
  private readonly choice = inject(DeviceChoice);
  private stopCurrent: (() => void) | null = null;
  private turn = 0;
  /** Whether the browser keeps the page silent until somebody clicks on it. */
  readonly blocked = signal(false);
  /** What is played at the moment, or would be if the browser let it. */
  readonly playing = signal<Tone | null>(null);

  /** Plays it, once or until `stop`; what is played at the moment ends. */
  async play(tone: Tone, loop: boolean): Promise<void> {
    this.stop();
    const turn = ++this.turn;
    this.playing.set(tone);
    try {
      await this.playFile(tone, loop, turn);
    } catch (error) {
      if (turn === this.turn) await this.onFailed(tone, loop, turn, error);
    }
  }

  stop(): void {
    this.turn++;
    this.stopCurrent?.();
    this.stopCurrent = null;
    this.playing.set(null);
  }

  private async playFile(tone: Tone, loop: boolean, turn: number): Promise<void> {
    const element = this.source.file(`/sounds/${tone}.wav`);
    element.loop = loop;
    this.stopCurrent = () => {
      element.pause();
      element.removeAttribute('src');
    };
    element.addEventListener('ended', () => this.over(turn));
    await this.toSpeaker(element);
    if (turn !== this.turn) return;
    await element.play();
    if (turn === this.turn) this.blocked.set(false);
  }

  private async onFailed(tone: Tone, loop: boolean, turn: number, error: unknown): Promise<void> {
    this.stopCurrent = null;
    if (isSilenced(error)) return this.blocked.set(true);
    console.warn(`The file of the tone ${tone} cannot be played, so it is made on the spot`, error);
    try {
      const stop = await this.source.synthesize(MELODIES[tone], loop);
      if (turn !== this.turn) return stop();
      this.stopCurrent = stop;
      this.blocked.set(false);
      if (!loop) setTimeout(() => this.over(turn), MELODIES[tone].period * 1000);
    } catch (failure) {
      if (!isSilenced(failure)) throw failure;
      if (turn === this.turn) this.blocked.set(true);
    }
  }

  private over(turn: number): void {
    if (turn === this.turn) this.stop();
  }

  private async toSpeaker(element: HTMLAudioElement): Promise<void> {
    try {
      await chooseSpeaker(element, this.choice.speaker());
    } catch (error) {
      // The system's speaker rings as well.
      console.warn('The chosen speaker cannot ring', error);
    }
  }
}

function isSilenced(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
