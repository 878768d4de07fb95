import { cameraEncoding, tuneSender } from './encoding';

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
    const all = Array.from({ length: 7 }, (_, i) => cameraEncoding(i + 1));
    all.forEach(({ maxBitrate }, i) => expect(maxBitrate * (i + 1)).toBeLessThanOrEqual(2_400_003));
    for (const key of ['maxBitrate', 'maxFramerate'] as const) {
      expect(all.map((e) => e[key])).toEqual(all.map((e) => e[key]).sort((a, b) => b - a));
    }
    expect(all.every(({ scaleResolutionDownBy }) => scaleResolutionDownBy >= 1)).toBe(true);
  });
});

describe('tuneSender', () => {
  it('shares the camera between the links and keeps it moving', async () => {
    const camera = sender();
    await tuneSender(camera.it, 'camera', 3);
    expect(camera.parameters()).toMatchObject({
      encodings: [cameraEncoding(3)],
      degradationPreference: 'maintain-framerate',
    });
  });

  it('keeps a screen sharp and whole', async () => {
    const screen = sender();
    await tuneSender(screen.it, 'screen', 3);
    expect(screen.parameters()).toEqual({ encodings: [{}], degradationPreference: 'maintain-resolution' });
  });

  it('leaves sound alone, and a sender that is not negotiated yet', async () => {
    const [sound, early] = [sender(), sender([])];
    await tuneSender(sound.it, 'microphone', 3);
    await tuneSender(early.it, 'camera', 3);
    expect([sound.parameters(), early.parameters()]).toEqual([{ encodings: [{}] }, { encodings: [] }]);
  });
});
