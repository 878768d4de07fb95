import { expect, type Page } from '@playwright/test';

/** Totals received by one peer connection of a page, by slot: 0 microphone, 1 camera, 2 screen, 3 screen sound. */
export interface Inflow {
  state: RTCPeerConnectionState;
  /** Sum of sound energy decoded on the microphone's slot. */
  energy: number;
  samples: number;
  /** Packets that arrived on the microphone's slot, even if they are not played. */
  packets: number;
  concealed: number;
  /** Frames decoded on the camera's and on the screen's slot. */
  cameraFrames: number;
  screenFrames: number;
}

/** Makes the page remember its peer connections, so that a test can read their statistics. */
export async function watchMedia(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const links: RTCPeerConnection[] = [];
    Object.defineProperty(window, 'testLinks', { value: links });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args: ConstructorParameters<typeof RTCPeerConnection>) {
        super(...args);
        links.push(this);
      }
    };
  });
}

/** Reads what each open peer connection of the page has received so far. */
export async function inflows(page: Page): Promise<Inflow[]> {
  return page.evaluate(async () => {
    const all = (window as unknown as { testLinks: RTCPeerConnection[] }).testLinks;
    const living = all.filter((link) => link.connectionState !== 'closed' && link.remoteDescription);
    return Promise.all(
      living.map(async (link) => {
        const inflow = {
          state: link.connectionState,
          energy: 0,
          samples: 0,
          packets: 0,
          concealed: 0,
          cameraFrames: 0,
          screenFrames: 0,
        };
        const mids = link.getTransceivers().map((transceiver) => transceiver.mid);
        for (const stat of (await link.getStats()).values()) {
          if (stat.type !== 'inbound-rtp') continue;
          if (stat.mid === mids[0]) {
            inflow.energy += stat.totalAudioEnergy ?? 0;
            inflow.packets += stat.packetsReceived ?? 0;
            inflow.samples += stat.totalSamplesReceived ?? 0;
            inflow.concealed += stat.concealedSamples ?? 0;
          }
          if (stat.mid === mids[1]) inflow.cameraFrames += stat.framesDecoded ?? 0;
          if (stat.mid === mids[2]) inflow.screenFrames += stat.framesDecoded ?? 0;
        }
        return inflow;
      }),
    );
  });
}

/** The figures that can be expected to rise on a link. */
type Rising = 'energy' | 'packets' | 'cameraFrames' | 'screenFrames' | 'samples';

/**
 * Waits until the page has `links` connected links, and each of `rising` grows on every one of them.
 * With `onAtLeast` the growth is needed on that many links only (one person shares, the others do not).
 */
export async function expectInflow(page: Page, links: number, rising: Rising[], onAtLeast = links): Promise<void> {
  let before: Inflow[] | undefined;
  await expect
    .poll(
      async () => {
        const now = await inflows(page);
        const connected = now.filter((inflow) => inflow.state === 'connected');
        if (now.length !== links || connected.length !== links) {
          before = undefined;
          return `${connected.length} of ${now.length} links connected`;
        }
        if (before?.length !== links) before = now;
        const start = before;
        const notRising = rising.filter(
          (what) => now.filter((inflow, i) => inflow[what] > (start[i]?.[what] ?? 0)).length < onAtLeast,
        );
        return notRising.length === 0 ? 'all flowing' : `not rising: ${notRising.join(', ')}`;
      },
      { timeout: 90_000, intervals: [100, 200, 400] },
    )
    .toBe('all flowing');
}

/** Expects as many playing, unmuted elements with live sound as there are other participants. */
export async function expectAudible(page: Page, others: number): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const playing = [...document.querySelectorAll<HTMLMediaElement>('audio, video')].filter((element) => {
          const stream = element.srcObject;
          if (!(stream instanceof MediaStream) || element.paused || element.muted || element.volume === 0) return false;
          return stream.getAudioTracks().some((track) => track.readyState === 'live' && !track.muted);
        });
        return playing.length;
      }),
    )
    .toBeGreaterThanOrEqual(others);
}

/** Expects at least this many visible video elements that have decoded a picture. */
export async function expectVideosShown(page: Page, atLeast: number): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('video')].filter((video) => {
            const box = video.getBoundingClientRect();
            return !video.paused && video.videoWidth > 0 && box.width > 40 && box.height > 40;
          }).length,
      ),
    )
    .toBeGreaterThanOrEqual(atLeast);
}

/**
 * The loudest moment of everything the page plays during the given time; 0 is silence. The fake microphone beeps once a
 * second, so two seconds without sound prove silence.
 */
async function loudness(page: Page, ms = 2500): Promise<number> {
  return page.evaluate(async (duration) => {
    const context = new AudioContext();
    const analysers = [...document.querySelectorAll<HTMLMediaElement>('audio, video')].flatMap((element) => {
      const stream = element.srcObject;
      const isPlaying = stream instanceof MediaStream && !element.paused && !element.muted && element.volume > 0;
      if (!isPlaying || stream.getAudioTracks().length === 0) return [];
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(stream).connect(analyser);
      return [analyser];
    });
    const samples = new Float32Array(2048);
    const end = performance.now() + duration;
    let loudest = 0;
    while (performance.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      for (const analyser of analysers) {
        analyser.getFloatTimeDomainData(samples);
        loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), loudest);
      }
    }
    await context.close();
    return loudest;
  }, ms);
}

/** Sound below this level counts as silence. */
const AUDIBLE = 0.005;

/** Expects sound to be audible on the page. */
export async function expectHeard(page: Page): Promise<void> {
  await expect.poll(() => loudness(page), { timeout: 90_000 }).toBeGreaterThan(AUDIBLE);
}

/** Expects silence on the page. */
export async function expectSilence(page: Page): Promise<void> {
  await expect.poll(() => loudness(page)).toBeLessThan(AUDIBLE);
}
