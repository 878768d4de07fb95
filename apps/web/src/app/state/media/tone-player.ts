import { inject, Injectable, InjectionToken, signal } from '@angular/core';
import { chooseSpeaker } from '@webcall/rtc';
import { DeviceChoice } from './device-choice';
import { MELODIES, type Tone } from './melodies';
import { synthesizeMelody } from './melody-synthesizer';

/** Creates sounds; replaced in tests. */
export interface SoundSource {
  createAudioElement(url: string): HTMLAudioElement;
  synthesizeMelody: typeof synthesizeMelody;
}

export const SOUND_SOURCE = new InjectionToken<SoundSource>('SOUND_SOURCE', {
  providedIn: 'root',
  factory: () => ({ createAudioElement: (url) => new Audio(url), synthesizeMelody }),
});

/** Plays one tone at a time: its file, or the same notes synthesized if the file cannot be played. */
@Injectable({ providedIn: 'root' })
export class TonePlayer {
  private readonly source = inject(SOUND_SOURCE);
  private readonly choice = inject(DeviceChoice);
  private stopCurrent: (() => void) | null = null;
  private turn = 0;
  /** Whether the browser blocks sound until somebody clicks on the page. */
  readonly blocked = signal(false);
  /** The tone that is playing, or would be if the browser did not block it. */
  readonly playing = signal<Tone | null>(null);

  /** Ends the current tone and plays this one, once or until `stopCurrentTone`. */
  async playTone(tone: Tone, loop: boolean): Promise<void> {
    this.stopCurrentTone();
    const turn = ++this.turn;
    this.playing.set(tone);
    try {
      await this.playToneFile(tone, loop, turn);
    } catch (error) {
      if (turn === this.turn) await this.handleFileFailure(tone, loop, turn, error);
    }
  }

  stopCurrentTone(): void {
    this.turn++;
    this.stopCurrent?.();
    this.stopCurrent = null;
    this.playing.set(null);
  }

  private async playToneFile(tone: Tone, loop: boolean, turn: number): Promise<void> {
    const element = this.source.createAudioElement(`/sounds/${tone}.wav`);
    element.loop = loop;
    this.stopCurrent = () => {
      element.pause();
      element.removeAttribute('src');
    };
    element.addEventListener('ended', () => this.finishTone(turn));
    await this.routeToSpeaker(element);
    if (turn !== this.turn) return;
    await element.play();
    if (turn === this.turn) this.blocked.set(false);
  }

  private async handleFileFailure(tone: Tone, loop: boolean, turn: number, error: unknown): Promise<void> {
    this.stopCurrent = null;
    if (isAutoplayBlocked(error)) return this.blocked.set(true);
    console.warn('the file of a tone cannot be played, so the tone is synthesized', tone, error);
    try {
      const stop = await this.source.synthesizeMelody(MELODIES[tone], loop);
      if (turn !== this.turn) return stop();
      this.stopCurrent = stop;
      this.blocked.set(false);
      if (!loop) setTimeout(() => this.finishTone(turn), MELODIES[tone].period * 1000);
    } catch (failure) {
      if (!isAutoplayBlocked(failure)) throw failure;
      if (turn === this.turn) this.blocked.set(true);
    }
  }

  private finishTone(turn: number): void {
    if (turn === this.turn) this.stopCurrentTone();
  }

  private async routeToSpeaker(element: HTMLAudioElement): Promise<void> {
    try {
      await chooseSpeaker(element, this.choice.speaker());
    } catch (error) {
      // The tone plays on the system's speaker instead.
      console.warn('the chosen speaker cannot be used', error);
    }
  }
}

function isAutoplayBlocked(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
