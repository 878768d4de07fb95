import type { Scope } from '@webcall/base';

/** Where the filter's parts are served; all of them from the page's own origin. */
export interface NoiseFilterFiles {
  /** The audio worklet. */
  worklet: string;
  /** The filter itself. */
  wasm: string;
  /** The same for browsers that compute several numbers at once. */
  simdWasm: string;
}

/** The rate that the filter was made for. */
const SAMPLE_RATE = 48_000;

/**
 * Takes noise out of a microphone, beyond what the browser does (RNNoise). Loads its parts when it is first called.
 * @returns the clean track once sound runs through it, which a browser may delay until the person has clicked; it falls
 * silent when the scope ends
 * @throws where the browser has no audio worklet, or does not let the filter run
 */
export async function filterNoise(
  track: MediaStreamTrack,
  files: NoiseFilterFiles,
  scope: Scope,
): Promise<MediaStreamTrack> {
  const { loadRnnoise, RnnoiseWorkletNode } = await import('@sapphi-red/web-noise-suppressor');
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  scope.add(() => void context.close());
  const [wasmBinary] = await Promise.all([
    loadRnnoise({ url: files.wasm, simdUrl: files.simdWasm }),
    context.audioWorklet.addModule(files.worklet),
  ]);
  // Inside the worklet a failure would only be heard, as silence.
  await WebAssembly.compile(wasmBinary);
  const filter = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
  filter.channelCount = 1;
  filter.channelCountMode = 'explicit';
  scope.add(() => filter.destroy());
  const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  context
    .createMediaStreamSource(new MediaStream([track]))
    .connect(filter)
    .connect(output);
  await running(context, scope);
  const [clean] = output.stream.getAudioTracks();
  if (!clean) throw new Error('The filter has no output');
  return clean;
}

function running(context: AudioContext, scope: Scope): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (context.state === 'running') resolve();
    };
    scope.listen(context, 'statechange', check);
    check();
  });
}
