/** The process of the bots: takes `ToBots`, answers `FromBots`. */
import wrtc from '@roamhq/wrtc';
import { RATE, voice } from '../voice';
import { Bot, connections } from './bot';
import type { CrowdOrder, FromBots, Hearing, ToBots } from './protocol';

const FRAME_MS = 10;
const FRAME = (RATE * FRAME_MS) / 1000;

/**
 * Sound is asked for as telephones have it, and in packets of 60 ms: what seven bots say is encoded and sent 49 times over
 * on one machine.
 */
const asTelephone = (sdp: string): string =>
  sdp.replace(/^a=fmtp:\d+ minptime=10/gm, '$&;maxplaybackrate=8000;ptime=60');

/** Newer browsers find out by themselves what to describe and when to restart; this one has to be told. */
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
    const answers = this.signalingState === 'have-remote-offer';
    const made = answers ? this.createAnswer() : this.createOffer({ iceRestart: this.restarting });
    if (!answers) this.restarting = false;
    const { type, sdp = '' } = given?.sdp ? given : await made;
    await super.setLocalDescription({ type, sdp: asTelephone(sdp) });
  }
}

// The call engine finds here what a browser has.
Object.assign(globalThis, {
  RTCPeerConnection: Connection,
  MediaStream: wrtc.MediaStream,
  RTCRtpReceiver: { getCapabilities: () => null },
});

const bots: Bot[] = [];

/** Speaks into a microphone for ever, in step with the clock also when a timer comes late. */
function speak(pitch: number): MediaStreamTrack {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const samples = voice(pitch);
  const begun = performance.now();
  let said = 0;
  setInterval(() => {
    for (; said * FRAME_MS < performance.now() - begun; said += 1) {
      const from = (said * FRAME) % samples.length;
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

async function obey(message: ToBots): Promise<void> {
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
  obey(message).catch((error: unknown) => answer({ type: 'failed', reason: String(error) }));
});
process.on('disconnect', () => process.exit(0));
