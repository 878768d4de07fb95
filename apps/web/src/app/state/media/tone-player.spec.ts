import { existsSync } from 'node:fs';
import path from 'node:path';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { DeviceChoice } from './devices';
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
        { provide: SOUND_SOURCE, useValue: { file, synthesize } },
        { provide: DeviceChoice, useValue: { speaker: () => '' } },
      ],
    });
    player = TestBed.inject(TonePlayer);
  });
  afterEach(() => jest.restoreAllMocks());

  it('plays the file of a tone, one at a time, until it is over', async () => {
    await player.play('bell', true);
    expect(files[0]).toMatchObject({ url: '/sounds/bell.wav', loop: true, playing: true });
    await player.play('ended', false);
    expect(files.map(({ playing }) => playing)).toEqual([false, true]);
    expect(player.playing()).toBe('ended');
    files[1]?.end();
    expect(player.playing()).toBeNull();
  });

  it('makes the tone itself when the file cannot be played', async () => {
    failure = new DOMException('no decoder, or no file', 'NotSupportedError');
    await player.play('marimba', true);
    expect([made.tones, player.blocked()]).toEqual([1, false]);
    player.stop();
    expect(made.stopped).toBe(1);
  });

  it('knows that the browser keeps the page silent, until it does no more', async () => {
    failure = new DOMException('', 'NotAllowedError');
    await player.play('chime', true);
    expect([player.blocked(), made.tones]).toEqual([true, 0]);
    failure = null;
    await player.play('chime', true);
    expect(player.blocked()).toBe(false);
    failure = new DOMException('', 'NotSupportedError');
    silent = true;
    await player.play('chime', true);
    expect(player.blocked()).toBe(true);
  });

  it('does not sound after it was stopped while it began', async () => {
    const starting = player.play('chime', true);
    player.stop();
    await starting;
    expect(files.some(({ playing }) => playing)).toBe(false);
  });

  it.each(Object.keys(MELODIES) as Tone[])('has the file of %s', (tone) => {
    expect(existsSync(path.join(import.meta.dirname, `../../../../public/sounds/${tone}.wav`))).toBe(true);
    const { notes, period } = MELODIES[tone];
    expect(Math.max(...notes.map(({ at, length }) => at + length))).toBeLessThanOrEqual(period);
  });
});
