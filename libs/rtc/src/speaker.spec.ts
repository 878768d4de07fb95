import { SpeakerTracker } from './speaker';

const levels = (ann: number, bob: number): Map<string, number> =>
  new Map([
    ['ann', ann],
    ['bob', bob],
  ]);

/** What the tracker says after each 200 ms of these levels. */
function follow(tracker: SpeakerTracker, from: number, ...steps: Map<string, number>[]): (string | null)[] {
  return steps.map((step, i) => tracker.update(step, from + i * 200));
}

describe('SpeakerTracker', () => {
  it('waits a moment before it believes', () => {
    const speech = Array.from({ length: 5 }, () => levels(0.3, 0));
    expect(follow(new SpeakerTracker(), 0, ...speech)).toEqual([null, null, null, 'ann', 'ann']);
  });

  it('does not jump at a cough', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, 0, ...Array.from({ length: 5 }, () => levels(0.3, 0)));
    const after = follow(tracker, 1000, levels(0.2, 0.9), levels(0.3, 0), levels(0.3, 0.9), levels(0.3, 0));
    expect(after).toEqual(['ann', 'ann', 'ann', 'ann']);
  });

  it('follows to the next who speaks', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, 0, ...Array.from({ length: 5 }, () => levels(0.3, 0)));
    expect(follow(tracker, 1000, ...Array.from({ length: 4 }, () => levels(0, 0.4))).at(-1)).toBe('bob');
  });

  it('keeps the speaker over a pause and lets go after a longer one', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, 0, ...Array.from({ length: 5 }, () => levels(0.3, 0)));
    expect(tracker.update(levels(0, 0), 2500)).toBe('ann');
    expect(tracker.update(levels(0, 0), 3600)).toBeNull();
  });

  it('lets go of one who has left', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, 0, ...Array.from({ length: 5 }, () => levels(0.3, 0)));
    expect(tracker.update(new Map([['bob', 0]]), 1000)).toBeNull();
  });
});
