import { SpeakerTracker } from './speaker';

/** What the tracker says after each 200 ms of these levels. */
function follow(tracker: SpeakerTracker, ann: number[], bob: number[] = ann.map(() => 0)): (string | null)[] {
  return ann.map((level, i) =>
    tracker.update(
      new Map([
        ['ann', level],
        ['bob', bob[i] ?? 0],
      ]),
    ),
  );
}

const times = (count: number, level: number): number[] => Array<number>(count).fill(level);

describe('SpeakerTracker', () => {
  it('waits a moment before it believes', () => {
    expect(follow(new SpeakerTracker(), times(4, 0.3))).toEqual([null, null, 'ann', 'ann']);
  });

  it('hears speech with gaps between the words', () => {
    expect(follow(new SpeakerTracker(), [0.3, 0, 0.2, 0, 0.3, 0]).at(-1)).toBe('ann');
  });

  it('does not jump at a cough', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(follow(tracker, times(6, 0.3), [0.9, 0.9, 0, 0, 0, 0])).toEqual(times(6, 0).map(() => 'ann'));
  });

  it('does not jump to one who is about as loud', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(follow(tracker, times(10, 0.3), times(10, 0.4)).at(-1)).toBe('ann');
  });

  it('follows to the next who speaks', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(follow(tracker, times(6, 0), times(6, 0.4)).at(-1)).toBe('bob');
  });

  it('keeps the speaker over a pause and lets go after a longer one', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    const pause = follow(tracker, times(13, 0));
    expect([pause[10], pause[12]]).toEqual(['ann', null]);
  });

  it('lets go of one who has left', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(tracker.update(new Map([['bob', 0]]))).toBeNull();
  });
});
