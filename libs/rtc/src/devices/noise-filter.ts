import type { Scope } from '@webcall/base';

/** URLs of the filter's files; all of them are served from the page's own origin. */
export interface NoiseFilterFiles {
  /** The audio worklet. */
  worklet: string;
  /** The filter itself. */
  wasm: string;
  /** The filter for browsers with SIMD instructions. */
  simdWasm: string;
}

/** The sample rate that the filter was made for. */
const FILTER_SAMPLE_RATE = 48_000;

/**
 * Removes more noise from a microphone than the browser does (RNNoise). Loads its files on the first call.
 * @returns the clean track once sound runs through it, which a browser may delay until the person has clicked; it
 * becomes silent when the scope ends
 * @throws where the browser has no audio worklet, or does not let the filter run
 */
export async function filterNoise(
  track: MediaStreamTrack,
  files: NoiseFilterFiles,
  scope: Scope,
): Promise<MediaStreamTrack> {
  const context = new AudioContext({ sampleRate: FILTER_SAMPLE_RATE, latencyHint: 'interactive' });
  scope.addCleanup(() => void context.close());
  const filter = await createNoiseFilterNode(context, files, scope);
  const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  context
    .createMediaStreamSource(new MediaStream([track]))
    .connect(filter)
    .connect(output);
  await waitUntilRunning(context, scope);
  const [clean] = output.stream.getAudioTracks();
  if (!clean) throw new Error('The filter has no output');
  return clean;
}

/**
 * The filter as a node of any audio context of 48 kHz.
 * @returns the node, which passes silence until the filter is ready within it, and ends with the scope
 * @throws where the browser has no audio worklet, or does not let the filter run
 */
export async function createNoiseFilterNode(
  context: BaseAudioContext,
  files: NoiseFilterFiles,
  scope: Scope,
): Promise<AudioNode> {
  const { loadRnnoise, RnnoiseWorkletNode } = await import('@sapphi-red/web-noise-suppressor');
  const [wasmBinary] = await Promise.all([
    loadRnnoise({ url: files.wasm, simdUrl: files.simdWasm }),
    context.audioWorklet.addModule(files.worklet),
  ]);
  // Compiled here too, because a failure inside the worklet would only show as silence.
  await WebAssembly.compile(wasmBinary);
  const filter = new RnnoiseWorkletNode(context as AudioContext, { maxChannels: 1, wasmBinary });
  filter.channelCount = 1;
  filter.channelCountMode = 'explicit';
  scope.addCleanup(() => filter.destroy());
  return filter;
}

function waitUntilRunning(context: AudioContext, scope: Scope): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (context.state === 'running') resolve();
    };
    scope.listenToEvent(context, 'statechange', check);
    check();
  });
}
