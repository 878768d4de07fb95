import type { Scope } from '@webcall/base';

/**
 * Measures how loud a track is: calls `show` with 0 to 1 about 15 times a second until the scope ends.
 * The browser may hold the meter at 0 until the person has clicked somewhere.
 */
export function meterTrackLevel(track: MediaStreamTrack, scope: Scope, show: (level: number) => void): void {
  const context = new AudioContext();
  scope.addCleanup(() => void context.close());
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  scope.scheduleInterval(66, () => {
    if (context.state === 'suspended') void context.resume();
    analyser.getFloatTimeDomainData(samples);
    show(sampleLoudnessOf(samples));
  });
}

/** @returns the loudness of samples (-1 to 1) on the scale of a meter: 0 at -60 dB and below, 1 at full scale. */
export function sampleLoudnessOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, 1 + decibels / 60));
}

/** @returns whether this browser can play sound on a chosen speaker. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/** Plays the element on a speaker ('' is the system's default). Does nothing where the browser cannot choose. */
export async function chooseSpeaker(element: HTMLMediaElement, speakerId: string): Promise<void> {
  if (canChooseSpeaker()) await element.setSinkId(speakerId);
}

/** Plays two short soft tones on a speaker ('' is the system's default). Resolves when they are over. */
export async function playTestSound(speakerId = ''): Promise<void> {
  const context = new AudioContext();
  const element = new Audio();
  try {
    const output = context.createMediaStreamDestination();
    element.srcObject = output.stream;
    await chooseSpeaker(element, speakerId);
    await element.play();
    await playTestTone(context, output, 523.25);
    await playTestTone(context, output, 659.25);
  } finally {
    element.pause();
    element.srcObject = null;
    await context.close();
  }
}

function playTestTone(context: AudioContext, output: AudioNode, frequency: number): Promise<void> {
  const gain = context.createGain();
  const oscillator = new OscillatorNode(context, { frequency });
  const [now, length] = [context.currentTime, 0.35];
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(0.3, now + 0.03);
  gain.gain.linearRampToValueAtTime(0, now + length);
  oscillator.connect(gain).connect(output);
  oscillator.start(now);
  oscillator.stop(now + length);
  return new Promise((resolve) => oscillator.addEventListener('ended', () => resolve(), { once: true }));
}
