import fc from 'fast-check';
import {
  applySenderEncoding,
  chooseCameraEncoding,
  chooseScreenEncoding,
  type PictureConditions,
} from './sender-encoding';

const usual: PictureConditions = { links: 1, fresh: false, step: 0, tile: null, captured: 720, moving: false };

/** A sender that keeps its parameters. */
function sender(encodings: RTCRtpEncodingParameters[] = [{}]): {
  parameters: () => RTCRtpSendParameters;
  it: RTCRtpSender;
} {
  let parameters = { encodings } as RTCRtpSendParameters;
  const it = {
    getParameters: () => structuredClone(parameters),
    setParameters: async (next: RTCRtpSendParameters) => void (parameters = next),
  };
  return { parameters: () => parameters, it: it as unknown as RTCRtpSender };
}

describe('chooseCameraEncoding', () => {
  it('never sends more in all than the budget, and less over each link the more there are', () => {
    const all = Array.from({ length: 7 }, (_, i) => chooseCameraEncoding({ ...usual, links: i + 1 }));
    all.forEach(({ maxBitrate }, i) => expect(maxBitrate * (i + 1)).toBeLessThanOrEqual(2_400_003));
    for (const key of ['maxBitrate', 'maxFramerate'] as const) {
      expect(all.map((e) => e[key])).toEqual(all.map((e) => e[key]).sort((a, b) => b - a));
    }
  });

  it('sends no more lines than are shown, and nothing where nothing is shown', () => {
    expect(chooseCameraEncoding({ ...usual, tile: 180 })).toMatchObject({ active: true, scaleResolutionDownBy: 4 });
    expect(chooseCameraEncoding({ ...usual, tile: 180 }).maxBitrate).toBeLessThan(300_000);
    expect(chooseCameraEncoding({ ...usual, tile: 2160 })).toEqual(chooseCameraEncoding(usual));
    expect(chooseCameraEncoding({ ...usual, tile: 0 }).active).toBe(false);
  });

  it('sends a small picture over a fresh path, with the bitrate of the large one, which is to be learnt', () => {
    const [fresh, later] = [true, false].map((fresh) => chooseCameraEncoding({ ...usual, fresh }));
    expect(fresh).toEqual({ ...later, scaleResolutionDownBy: 4 });
    expect(chooseCameraEncoding({ ...usual, fresh: true, tile: 90 })).toEqual(
      chooseCameraEncoding({ ...usual, tile: 90 }),
    );
  });

  it('reduces bitrate, lines and frame rate step by step, down to a picture a second', () => {
    const all = Array.from({ length: 5 }, (_, step) => chooseCameraEncoding({ ...usual, step }));
    for (const key of ['maxBitrate', 'maxFramerate'] as const) {
      expect(all.map((e) => e[key])).toEqual([...new Set(all.map((e) => e[key]))].sort((a, b) => b - a));
    }
    expect(all.at(-1)).toMatchObject({ active: true, maxFramerate: 1 });
  });

  it('never uses more lines than the camera makes, nor a bitrate of zero', () => {
    const conditions = fc.record({
      links: fc.integer({ min: 0, max: 8 }),
      fresh: fc.boolean(),
      step: fc.integer({ min: 0, max: 4 }),
      tile: fc.option(fc.integer({ min: 0, max: 2160 }), { nil: null }),
      captured: fc.integer({ min: 90, max: 2160 }),
      moving: fc.boolean(),
    });
    fc.assert(
      fc.property(conditions, (it) => {
        for (const encoding of [chooseCameraEncoding(it), chooseScreenEncoding(it)]) {
          expect(encoding.scaleResolutionDownBy).toBeGreaterThanOrEqual(1);
          expect(encoding.maxBitrate).toBeGreaterThanOrEqual(30_000);
        }
      }),
    );
  });
});

describe('chooseScreenEncoding', () => {
  const screen = { ...usual, captured: 1080 };

  it('keeps every line of a text, unless it is shown very small', () => {
    expect(chooseScreenEncoding({ ...screen, tile: 720 }).scaleResolutionDownBy).toBe(1);
    expect(chooseScreenEncoding({ ...screen, tile: 180 }).scaleResolutionDownBy).toBe(6);
    expect(chooseScreenEncoding({ ...screen, tile: 0 }).active).toBe(false);
  });

  it('keeps the frame rate of a moving screen, in the size that is shown', () => {
    const moving = chooseScreenEncoding({ ...screen, tile: 720, moving: true });
    expect(moving).toMatchObject({ maxFramerate: 30, scaleResolutionDownBy: 1.5 });
    expect(chooseScreenEncoding(screen).maxFramerate).toBe(15);
  });
});

describe('applySenderEncoding', () => {
  it('keeps a camera moving', async () => {
    const camera = sender();
    const conditions = { ...usual, links: 3 };
    expect(await applySenderEncoding(camera.it, 'camera', conditions)).toBe(true);
    expect(camera.parameters()).toMatchObject({
      encodings: [chooseCameraEncoding(conditions)],
      degradationPreference: 'maintain-framerate',
    });
  });

  it('keeps a screen sharp, or moving if that is wanted', async () => {
    const screen = sender();
    await applySenderEncoding(screen.it, 'screen', usual);
    expect(screen.parameters().degradationPreference).toBe('maintain-resolution');
    await applySenderEncoding(screen.it, 'screen', { ...usual, moving: true });
    expect(screen.parameters().degradationPreference).toBe('maintain-framerate');
  });

  it('gives sound priority and never reduces it', async () => {
    const sound = sender();
    await applySenderEncoding(sound.it, 'microphone', { ...usual, step: 4, tile: 0 });
    expect(sound.parameters().encodings).toEqual([{ priority: 'high', networkPriority: 'high' }]);
  });

  it('leaves a sender alone that is not negotiated yet', async () => {
    expect(await applySenderEncoding(sender([]).it, 'camera', usual)).toBe(false);
  });
});
