import type { Melody } from './melodies';

const ATTACK = 0.01;

/** Plays a melody without a file. @returns a function that ends it; rejects when the browser blocks sound */
export async function synthesizeMelody({ period, notes }: Melody, loop: boolean): Promise<() => void> {
  const context = new AudioContext();
  // A browser that blocks sound never resolves `resume`.
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
  if (context.state !== 'running') {
    void context.close();
    throw new DOMException('The page may not play sound yet', 'NotAllowedError');
  }
  const play = (): void => {
    for (const { at, hz, length, level } of notes) {
      const gain = context.createGain();
      const oscillator = new OscillatorNode(context, { frequency: hz });
      const start = context.currentTime + at;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(level, start + ATTACK);
      gain.gain.linearRampToValueAtTime(0, start + length);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + length);
    }
  };
  play();
  const repeating = loop ? setInterval(play, period * 1000) : undefined;
  return () => {
    clearInterval(repeating);
    void context.close();
  };
}
