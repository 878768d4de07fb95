import type { Page } from '@playwright/test';

/** What a page had heard at a moment: `at` on the clock of the machine, `heard` and `concealed` in ms of sound. */
export interface Heard {
  at: number;
  heard: number;
  concealed: number;
}

interface Told {
  at: number;
  what: string;
}

/** A pause shorter than that is no gap: a machine with a dozen encoders at work is late by as much. */
export const GAP_MS = 500;

/**
 * Makes the page note ten times a second how much sound it has really received: samples that were made up for lack of packets
 * do not count. Needs `watchMedia`, and works over links that come and go.
 */
export async function watchFlow(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { testLinks } = window as unknown as { testLinks: RTCPeerConnection[] };
    const notes: Heard[] = [];
    Object.defineProperty(window, 'testFlow', { value: notes });
    const before = new Map<string, { real: number; concealed: number }>();
    let heard = 0;
    let concealed = 0;
    const events: Told[] = [];
    Object.defineProperty(window, 'testEvents', { value: events });
    const tell = (what: string): void => void events.push({ at: Date.now(), what });
    for (const name of ['online', 'offline']) addEventListener(name, () => tell(name));
    const followed = new Set<RTCPeerConnection>();
    const follow = (link: RTCPeerConnection): void => {
      if (followed.has(link)) return;
      followed.add(link);
      tell(`link ${followed.size}`);
      link.addEventListener('iceconnectionstatechange', () => tell(`ice ${link.iceConnectionState}`));
      link.addEventListener('signalingstatechange', () => tell(link.signalingState));
    };
    const look = async (): Promise<void> => {
      // A page that is busy gets the figures late: they tell themselves of when they are.
      let at = Date.now();
      const living = testLinks.filter((link) => link.connectionState !== 'closed');
      for (const link of living) {
        follow(link);
        const stats = await link.getTransceivers()[0]?.receiver.getStats();
        for (const stat of stats?.values() ?? []) {
          if (stat.type !== 'inbound-rtp') continue;
          at = Math.round(stat.timestamp);
          const key = `${testLinks.indexOf(link)} ${stat.id as string}`;
          const madeUp = stat.concealedSamples ?? 0;
          const now = { real: (stat.totalSamplesReceived ?? 0) - madeUp, concealed: madeUp };
          const last = before.get(key) ?? { real: 0, concealed: 0 };
          heard += Math.max(0, now.real - last.real) / 48;
          concealed += Math.max(0, now.concealed - last.concealed) / 48;
          before.set(key, now);
        }
      }
      notes.push({ at, heard, concealed });
    };
    const next = (): void => {
      setTimeout(() => void look().finally(next), 100);
    };
    next();
  });
}

/** The notes of a page since a moment. */
export function flowSince(page: Page, since: number): Promise<Heard[]> {
  return page.evaluate(
    (from) => (window as unknown as { testFlow: Heard[] }).testFlow.filter(({ at }) => at >= from),
    since,
  );
}

/** What happened in a page since a moment, for whoever asks why sound was missing for so long. */
export async function storySince(page: Page, since: number): Promise<string> {
  const told = await page.evaluate(() => (window as unknown as { testEvents: Told[] }).testEvents);
  const recent = told.filter(({ at }) => at >= since);
  return recent.map(({ at, what }) => `${((at - since) / 1000).toFixed(1)} ${what}`).join(', ');
}

/** A time without sound, and how much was made up in it, in ms. */
export interface Gap {
  from: number;
  to: number;
  concealed: number;
}

/** The gaps in the notes of a page, from the shortest that counts on; one that has not ended yet ends at Infinity. */
export function gapsIn(notes: readonly Heard[], shortest = GAP_MS): Gap[] {
  const gaps: Gap[] = [];
  let start: Heard | undefined;
  for (let i = 1; i < notes.length; i += 1) {
    const [before, now] = [notes[i - 1]!, notes[i]!];
    // Half of the time heard is enough: the buffer speeds up and slows down.
    if (now.heard - before.heard < (now.at - before.at) / 2) start ??= before;
    else if (start) {
      if (before.at - start.at >= shortest) gaps.push(gapBetween(start, before));
      start = undefined;
    }
  }
  const end = notes.at(-1);
  if (start && end && end.at - start.at >= shortest) gaps.push({ ...gapBetween(start, end), to: Infinity });
  return gaps;
}

function gapBetween(from: Heard, to: Heard): Gap {
  return { from: from.at, to: to.at, concealed: to.concealed - from.concealed };
}
