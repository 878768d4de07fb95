import fc from 'fast-check';
import { emptyTimeline, hasGap, prepend, receive, type Numbered } from './timeline';

const message = (seq: number, revision = 0): Numbered => ({ id: `m${seq}`, seq, revision });
const seqs = (messages: readonly Numbered[]) => messages.map((m) => m.seq);

describe('timeline', () => {
  it('shows what arrives in any order, repeated, exactly once and in order', () => {
    const deliveries = fc.integer({ min: 1, max: 40 }).chain((n) =>
      fc.array(fc.integer({ min: 1, max: n }), { maxLength: 40 }).chain((repeats) =>
        fc
          .shuffledSubarray([...Array(n).keys(), ...repeats.map((r) => r + n)], {
            minLength: n + repeats.length,
          })
          .map((order) => ({ n, order: order.map((i) => (i < n ? i + 1 : i - n)) })),
      ),
    );
    fc.assert(
      fc.property(deliveries, ({ n, order }) => {
        const timeline = order.reduce((t, seq) => receive(t, [message(seq)]), emptyTimeline());
        expect(seqs(timeline.messages)).toEqual(Array.from({ length: n }, (_, i) => i + 1));
        expect(hasGap(timeline)).toBe(false);
      }),
    );
  });

  it('holds back what lies beyond a gap, and says so', () => {
    const timeline = receive(emptyTimeline(5), [message(8), message(6)]);
    expect(seqs(timeline.messages)).toEqual([6]);
    expect(hasGap(timeline)).toBe(true);
    expect(seqs(receive(timeline, [message(7)]).messages)).toEqual([6, 7, 8]);
  });

  it('keeps the newest revision, whatever the order', () => {
    const timeline = receive(emptyTimeline(), [message(1), message(1, 4), message(1, 3), message(1)]);
    expect(timeline.messages).toEqual([message(1, 4)]);
  });

  it('leaves out what is older than its first message', () => {
    expect(receive(emptyTimeline(5), [message(3)]).messages).toEqual([]);
  });

  it('takes older pages in front, and no others', () => {
    const timeline = receive(emptyTimeline(5), [message(6)]);
    const longer = prepend(timeline, [message(4), message(5)]);
    expect(seqs(longer.messages)).toEqual([4, 5, 6]);
    expect(longer.first).toBe(4);
    expect(() => prepend(longer, [message(2)])).toThrow(RangeError);
  });
});
