import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DeviceChoice } from './device-choice';
import { MELODIES, type Tone } from './melodies';
import { SOUND_SOURCE, TonePlayer } from './tone-player';

describe('TonePlayer', () => {
  let failure: DOMException | null;
  let silent: boolean;
  let files: { url: string; loop: boolean; playing: boolean; end: () => void }[];
  let made: { tones: number; stopped: number };
  let player: TonePlayer;

  const file = (url: string): HTMLAudioElement => {
    let ended = (): void => undefined;
    const element = {
      url,
      loop: false,
      playing: false,
      play: () => {
        if (failure) return Promise.reject(failure);
        element.playing = true;
        return Promise.resolve();
      },
      pause: () => (element.playing = false),
      removeAttribute: () => undefined,
      addEventListener: (_: string, handler: () => void) => (ended = handler),
      end: () => ended(),
    };
    files.push(element);
    return element as unknown as HTMLAudioElement;
  };

  beforeEach(() => {
    [failure, silent, files, made] = [null, false, [], { tones: 0, stopped: 0 }];
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const synthesize = (): Promise<() => void> => {
      if (silent) return Promise.reject(new DOMException('', 'NotAllowedError'));
      made.tones += 1;
      return Promise.resolve(() => void (made.stopped += 1));
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: SOUND_SOURCE, useValue: { createAudioElement: file, synthesizeMelody: synthesize } },
        { provide: DeviceChoice, useValue: { speaker: () => '' } },
      ],
    });
    player = TestBed.inject(TonePlayer);
  });
  afterEach(() => jest.restoreAllMocks());

  it('plays the file of a tone, one at a time, until it is over', async () => {
    await player.playTone('bell', true);
    expect(files[0]).toMatchObject({ url: '/sounds/bell.wav', loop: true, playing: true });
    await player.playTone('ended', false);
    expect(files.map(({ playing }) => playing)).toEqual([false, true]);
    expect(player.playing()).toBe('ended');
    files[1]?.end();
    expect(player.playing()).toBeNull();
  });

  it('synthesizes the tone when the file cannot be played', async () => {
    failure = new DOMException('no decoder, or no file', 'NotSupportedError');
    await player.playTone('marimba', true);
    expect([made.tones, player.blocked()]).toEqual([1, false]);
    player.stopCurrentTone();
    expect(made.stopped).toBe(1);
  });

  it('knows whether the browser blocks sound', async () => {
    failure = new DOMException('', 'NotAllowedError');
    await player.playTone('chime', true);
    expect([player.blocked(), made.tones]).toEqual([true, 0]);
    failure = null;
    await player.playTone('chime', true);
    expect(player.blocked()).toBe(false);
    failure = new DOMException('', 'NotSupportedError');
    silent = true;
    await player.playTone('chime', true);
    expect(player.blocked()).toBe(true);
  });

  it('does not sound when it was stopped while starting', async () => {
    const starting = player.playTone('chime', true);
    player.stopCurrentTone();
    await starting;
    expect(files.some(({ playing }) => playing)).toBe(false);
  });

  it.each(Object.keys(MELODIES) as Tone[])('has the file of %s', (tone) => {
    expect(existsSync(path.join(import.meta.dirname, `../../../../public/sounds/${tone}.wav`))).toBe(true);
    const { notes, period } = MELODIES[tone];
    expect(Math.max(...notes.map(({ at, length }) => at + length))).toBeLessThanOrEqual(period);
  });
});
