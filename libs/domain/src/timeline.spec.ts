import fc from 'fast-check';
import {
  createTimeline,
  hasTimelineGap,
  keepTimelineRange,
  mergeIncomingMessages,
  type NumberedMessage,
  prependOlderPage,
} from './timeline';

const message = (seq: number, revision = 0): NumberedMessage => ({ id: `m${seq}`, seq, revision });
const seqs = (messages: readonly NumberedMessage[]) => messages.map((m) => m.seq);

describe('timeline', () => {
  it('shows messages that arrive repeatedly and in any order exactly once and in order', () => {
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
        const timeline = order.reduce((t, seq) => mergeIncomingMessages(t, [message(seq)]), createTimeline());
        expect(seqs(timeline.messages)).toEqual(Array.from({ length: n }, (_, i) => i + 1));
        expect(hasTimelineGap(timeline)).toBe(false);
      }),
    );
  });

  it('holds back messages beyond a gap, and reports the gap', () => {
    const timeline = mergeIncomingMessages(createTimeline(5), [message(8), message(6)]);
    expect(seqs(timeline.messages)).toEqual([6]);
    expect(hasTimelineGap(timeline)).toBe(true);
    expect(seqs(mergeIncomingMessages(timeline, [message(7)]).messages)).toEqual([6, 7, 8]);
  });

  it('keeps the newest revision in any order of arrival', () => {
    const timeline = mergeIncomingMessages(createTimeline(), [message(1), message(1, 4), message(1, 3), message(1)]);
    expect(timeline.messages).toEqual([message(1, 4)]);
  });

  it('leaves out messages older than its first one', () => {
    expect(mergeIncomingMessages(createTimeline(5), [message(3)]).messages).toEqual([]);
  });

  it('takes older pages in front, and no others', () => {
    const timeline = mergeIncomingMessages(createTimeline(5), [message(6)]);
    const longer = prependOlderPage(timeline, [message(4), message(5)]);
    expect(seqs(longer.messages)).toEqual([4, 5, 6]);
    expect(longer.first).toBe(4);
    expect(() => prependOlderPage(longer, [message(2)])).toThrow(RangeError);
  });

  it('drops what is outside of a range, and takes it again as if it had never been there', () => {
    const timeline = mergeIncomingMessages(
      createTimeline(10),
      [11, 12, 13, 14, 15, 17].map((seq) => message(seq)),
    );
    const front = keepTimelineRange(timeline, 13, Infinity);
    expect([front.first, front.last, seqs(front.messages), seqs(front.early)]).toEqual([13, 15, [13, 14, 15], [17]]);
    expect(prependOlderPage(front, [message(11), message(12)])).toEqual(timeline);
    const middle = keepTimelineRange(timeline, 12, 13);
    expect([middle.first, middle.last, seqs(middle.messages), middle.early]).toEqual([12, 13, [12, 13], []]);
    expect(seqs(mergeIncomingMessages(middle, [message(15), message(14)]).messages)).toEqual([12, 13, 14, 15]);
    expect(keepTimelineRange(timeline, 1, 15)).toBe(timeline);
  });

  it('is a gapless stretch whatever range is kept', () => {
    const numbers = fc.integer({ min: -5, max: 30 });
    fc.assert(
      fc.property(numbers, numbers, (from, to) => {
        const timeline = mergeIncomingMessages(
          createTimeline(5),
          Array.from({ length: 10 }, (_, i) => message(6 + i)),
        );
        const { first, last, messages } = keepTimelineRange(timeline, from, to);
        expect(seqs(messages)).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
        expect(seqs(messages)).toEqual(seqs(timeline.messages).filter((seq) => seq >= from && seq <= to));
      }),
    );
  });
});
