/** The process of the bots: receives `ToBots` and answers with `FromBots`. */
import wrtc from '@roamhq/wrtc';
import { RATE, voice } from '../voice';
import { Bot, connections } from './bot';
import type { CrowdOrder, FromBots, Hearing, ToBots } from './protocol';

const FRAME_MS = 10;
const FRAME = (RATE * FRAME_MS) / 1000;

/**
 * Requests sound in telephone quality and packets of 60 ms, because one machine encodes and sends the sound of seven
 * bots 49 times.
 */
const asTelephone = (sdp: string): string =>
  sdp.replace(/^a=fmtp:\d+ minptime=10/gm, '$&;maxplaybackrate=8000;ptime=60');

/** Adds what this library lacks compared to browsers: implicit descriptions and ICE restarts. */
class Connection extends wrtc.RTCPeerConnection {
  private restarting = false;

  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.add(this);
  }

  override restartIce(): void {
    this.restarting = true;
  }

  override async setLocalDescription(given?: RTCLocalSessionDescriptionInit): Promise<void> {
    const isAnswer = this.signalingState === 'have-remote-offer';
    const created = isAnswer ? this.createAnswer() : this.createOffer({ iceRestart: this.restarting });
    if (!isAnswer) this.restarting = false;
    const { type, sdp = '' } = given?.sdp ? given : await created;
    await super.setLocalDescription({ type, sdp: asTelephone(sdp) });
  }
}

// Provides the browser globals that the call engine uses.
Object.assign(globalThis, {
  RTCPeerConnection: Connection,
  MediaStream: wrtc.MediaStream,
  RTCRtpReceiver: { getCapabilities: () => null },
});

const bots: Bot[] = [];

/** Creates a microphone track with an endless voice that keeps real time even when timers are late. */
function speak(pitch: number): MediaStreamTrack {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const samples = voice(pitch);
  const startedAt = performance.now();
  let framesSent = 0;
  setInterval(() => {
    for (; framesSent * FRAME_MS < performance.now() - startedAt; framesSent += 1) {
      const from = (framesSent * FRAME) % samples.length;
      source.onData({
        samples: samples.slice(from, from + FRAME),
        sampleRate: RATE,
        bitsPerSample: 16,
        channelCount: 1,
        numberOfFrames: FRAME,
      });
    }
  }, FRAME_MS);
  return source.createTrack();
}

async function enter(order: CrowdOrder): Promise<void> {
  for (const [i, name] of order.names.entries()) bots.push(await Bot.enter(order, name, speak(110 + 20 * i)));
}

async function hear(): Promise<Record<string, Hearing[]>> {
  return Object.fromEntries(await Promise.all(bots.map(async (bot) => [bot.name, await bot.hear()] as const)));
}

const answer = (message: FromBots): void => void process.send?.(message);

async function handleMessage(message: ToBots): Promise<void> {
  if (message.type === 'enter') {
    await enter(message.order);
    answer({ type: 'entered' });
  } else if (message.type === 'hear') answer({ type: 'heard', by: await hear() });
  else {
    await Promise.all(bots.map((bot) => bot.leave()));
    process.exit(0);
  }
}

process.on('message', (message: ToBots) => {
  handleMessage(message).catch((error: unknown) => answer({ type: 'failed', reason: String(error) }));
});
process.on('disconnect', () => process.exit(0));
