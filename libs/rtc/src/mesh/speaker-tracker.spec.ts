import { SpeakerTracker } from './speaker-tracker';

/** @returns the speaker after each 200 ms of these levels. */
function follow(tracker: SpeakerTracker, ann: number[], bob: number[] = ann.map(() => 0)): (string | null)[] {
  return ann.map((level, i) =>
    tracker.updateSpeaker(
      new Map([
        ['ann', level],
        ['bob', bob[i] ?? 0],
      ]),
    ),
  );
}

const times = (count: number, level: number): number[] => Array<number>(count).fill(level);

describe('SpeakerTracker', () => {
  it('waits a moment before it names a speaker', () => {
    expect(follow(new SpeakerTracker(), times(4, 0.3))).toEqual([null, null, 'ann', 'ann']);
  });

  it('recognizes speech with gaps between the words', () => {
    expect(follow(new SpeakerTracker(), [0.3, 0, 0.2, 0, 0.3, 0]).at(-1)).toBe('ann');
  });

  it('does not switch at a cough', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(follow(tracker, times(6, 0.3), [0.9, 0.9, 0, 0, 0, 0])).toEqual(times(6, 0).map(() => 'ann'));
  });

  it('does not switch to somebody who is about as loud', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(follow(tracker, times(10, 0.3), times(10, 0.4)).at(-1)).toBe('ann');
  });

  it('switches to the next speaker', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(follow(tracker, times(6, 0), times(6, 0.4)).at(-1)).toBe('bob');
  });

  it('keeps the speaker over a short pause, but not over a longer one', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    const pause = follow(tracker, times(13, 0));
    expect([pause[10], pause[12]]).toEqual(['ann', null]);
  });

  it('does not keep a speaker who has left', () => {
    const tracker = new SpeakerTracker();
    follow(tracker, times(6, 0.3));
    expect(tracker.updateSpeaker(new Map([['bob', 0]]))).toBeNull();
  });
});
