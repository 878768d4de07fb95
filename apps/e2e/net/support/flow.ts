import type { Page } from '@playwright/test';

/** How much a page had heard at a moment: `at` on the machine's clock, `heard` and `concealed` in ms of sound. */
export interface Heard {
  at: number;
  heard: number;
  concealed: number;
}

interface PageEvent {
  at: number;
  what: string;
}

/** A shorter pause does not count as a gap: a machine with a dozen active encoders can be this late. */
export const GAP_MS = 500;

/**
 * Makes the page record ten times a second how much sound it has really received, without concealed samples. Needs
 * `watchMedia`, and also works when links are replaced.
 */
export async function watchFlow(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { testLinks } = window as unknown as { testLinks: RTCPeerConnection[] };
    const notes: Heard[] = [];
    Object.defineProperty(window, 'testFlow', { value: notes });
    const before = new Map<string, { real: number; concealed: number }>();
    let heard = 0;
    let concealed = 0;
    const events: PageEvent[] = [];
    Object.defineProperty(window, 'testEvents', { value: events });
    const recordEvent = (what: string): void => void events.push({ at: Date.now(), what });
    for (const name of ['online', 'offline']) addEventListener(name, () => recordEvent(name));
    const followed = new Set<RTCPeerConnection>();
    const follow = (link: RTCPeerConnection): void => {
      if (followed.has(link)) return;
      followed.add(link);
      recordEvent(`link ${followed.size}`);
      link.addEventListener('iceconnectionstatechange', () => recordEvent(`ice ${link.iceConnectionState}`));
      link.addEventListener('signalingstatechange', () => recordEvent(link.signalingState));
    };
    const recordFlow = async (): Promise<void> => {
      // A busy page reads the statistics late, so their own timestamps are used.
      let at = Date.now();
      const living = testLinks.filter((link) => link.connectionState !== 'closed');
      for (const link of living) {
        follow(link);
        const stats = await link.getTransceivers()[0]?.receiver.getStats();
        for (const stat of stats?.values() ?? []) {
          if (stat.type !== 'inbound-rtp') continue;
          at = Math.round(stat.timestamp);
          const key = `${testLinks.indexOf(link)} ${stat.id as string}`;
          const concealedSamples = stat.concealedSamples ?? 0;
          const now = { real: (stat.totalSamplesReceived ?? 0) - concealedSamples, concealed: concealedSamples };
          const last = before.get(key) ?? { real: 0, concealed: 0 };
          heard += Math.max(0, now.real - last.real) / 48;
          concealed += Math.max(0, now.concealed - last.concealed) / 48;
          before.set(key, now);
        }
      }
      notes.push({ at, heard, concealed });
    };
    const next = (): void => {
      setTimeout(() => void recordFlow().finally(next), 100);
    };
    next();
  });
}

/** The records of a page since the given time. */
export function flowSince(page: Page, since: number): Promise<Heard[]> {
  return page.evaluate(
    (from) => (window as unknown as { testFlow: Heard[] }).testFlow.filter(({ at }) => at >= from),
    since,
  );
}

/** The network and link events of a page since the given time, for finding out why sound was missing. */
export async function storySince(page: Page, since: number): Promise<string> {
  const events = await page.evaluate(() => (window as unknown as { testEvents: PageEvent[] }).testEvents);
  const recent = events.filter(({ at }) => at >= since);
  return recent.map(({ at, what }) => `${((at - since) / 1000).toFixed(1)} ${what}`).join(', ');
}

/** A time without sound, and how much of it was concealed, in ms. */
export interface Gap {
  from: number;
  to: number;
  concealed: number;
}

/** The gaps of at least the shortest length in a page's records; a gap that has not ended yet ends at Infinity. */
export function gapsIn(notes: readonly Heard[], shortest = GAP_MS): Gap[] {
  const gaps: Gap[] = [];
  let start: Heard | undefined;
  for (let i = 1; i < notes.length; i += 1) {
    const [before, now] = [notes[i - 1]!, notes[i]!];
    // Hearing half of the time is enough, because the buffer speeds up and slows down.
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
