import fc from 'fast-check';
import { cameraEncoding, screenEncoding, tuneSender, type PictureConditions } from './encoding';

const usual: PictureConditions = { links: 1, step: 0, tile: null, captured: 720, moving: false };

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

describe('cameraEncoding', () => {
  it('never sends more in all than the budget, and less over each link the more there are', () => {
    const all = Array.from({ length: 7 }, (_, i) => cameraEncoding({ ...usual, links: i + 1 }));
    all.forEach(({ maxBitrate }, i) => expect(maxBitrate * (i + 1)).toBeLessThanOrEqual(2_400_003));
    for (const key of ['maxBitrate', 'maxFramerate'] as const) {
      expect(all.map((e) => e[key])).toEqual(all.map((e) => e[key]).sort((a, b) => b - a));
    }
  });

  it('sends no more lines than are shown, and nothing where nothing is shown', () => {
    expect(cameraEncoding({ ...usual, tile: 180 })).toMatchObject({ active: true, scaleResolutionDownBy: 4 });
    expect(cameraEncoding({ ...usual, tile: 180 }).maxBitrate).toBeLessThan(300_000);
    expect(cameraEncoding({ ...usual, tile: 2160 })).toEqual(cameraEncoding(usual));
    expect(cameraEncoding({ ...usual, tile: 0 }).active).toBe(false);
  });

  it('gives up bitrate, lines and pictures step by step, down to a picture a second', () => {
    const all = Array.from({ length: 5 }, (_, step) => cameraEncoding({ ...usual, step }));
    for (const key of ['maxBitrate', 'maxFramerate'] as const) {
      expect(all.map((e) => e[key])).toEqual([...new Set(all.map((e) => e[key]))].sort((a, b) => b - a));
    }
    expect(all.at(-1)).toMatchObject({ active: true, maxFramerate: 1 });
  });

  it('never asks for more lines than the camera makes, nor for no bits', () => {
    const conditions = fc.record({
      links: fc.integer({ min: 0, max: 8 }),
      step: fc.integer({ min: 0, max: 4 }),
      tile: fc.option(fc.integer({ min: 0, max: 2160 }), { nil: null }),
      captured: fc.integer({ min: 90, max: 2160 }),
      moving: fc.boolean(),
    });
    fc.assert(
      fc.property(conditions, (it) => {
        for (const encoding of [cameraEncoding(it), screenEncoding(it)]) {
          expect(encoding.scaleResolutionDownBy).toBeGreaterThanOrEqual(1);
          expect(encoding.maxBitrate).toBeGreaterThanOrEqual(30_000);
        }
      }),
    );
  });
});

describe('screenEncoding', () => {
  const screen = { ...usual, captured: 1080 };

  it('keeps every line of a text, unless it is shown as a stamp', () => {
    expect(screenEncoding({ ...screen, tile: 720 }).scaleResolutionDownBy).toBe(1);
    expect(screenEncoding({ ...screen, tile: 180 }).scaleResolutionDownBy).toBe(6);
    expect(screenEncoding({ ...screen, tile: 0 }).active).toBe(false);
  });

  it('keeps the pictures of a movement, in the size that is shown', () => {
    const moving = screenEncoding({ ...screen, tile: 720, moving: true });
    expect(moving).toMatchObject({ maxFramerate: 30, scaleResolutionDownBy: 1.5 });
    expect(screenEncoding(screen).maxFramerate).toBe(15);
  });
});

describe('tuneSender', () => {
  it('keeps a camera moving', async () => {
    const camera = sender();
    const conditions = { ...usual, links: 3 };
    expect(await tuneSender(camera.it, 'camera', conditions)).toBe(true);
    expect(camera.parameters()).toMatchObject({
      encodings: [cameraEncoding(conditions)],
      degradationPreference: 'maintain-framerate',
    });
  });

  it('keeps a screen sharp, or moving if that is wanted', async () => {
    const screen = sender();
    await tuneSender(screen.it, 'screen', usual);
    expect(screen.parameters().degradationPreference).toBe('maintain-resolution');
    await tuneSender(screen.it, 'screen', { ...usual, moving: true });
    expect(screen.parameters().degradationPreference).toBe('maintain-framerate');
  });

  it('lets sound go first and takes nothing off it', async () => {
    const sound = sender();
    await tuneSender(sound.it, 'microphone', { ...usual, step: 4, tile: 0 });
    expect(sound.parameters().encodings).toEqual([{ priority: 'high', networkPriority: 'high' }]);
  });

  it('leaves a sender alone that is not negotiated yet', async () => {
    expect(await tuneSender(sender([]).it, 'camera', usual)).toBe(false);
  });
});
