/** The fields of a message that decide its place in the timeline. */
export interface NumberedMessage {
  /** UUID made by the sender. */
  id: string;
  /** Number in the room, given by the server: 1, 2, 3 … without gaps. */
  seq: number;
  /** The room's revision at which the message was last edited or deleted; 0 if never. */
  revision: number;
}

/**
 * A gapless stretch of a room's messages, and those that arrived too early. Immutable: functions return a new one.
 * `first` and `last` are the numbers at its ends; an empty timeline that ends at 7 has `first: 8, last: 7`.
 */
export interface Timeline<M extends NumberedMessage> {
  readonly first: number;
  readonly last: number;
  /** Ascending by `seq`, from `first` to `last`. */
  readonly messages: readonly M[];
  /** Messages beyond a gap, ascending by `seq`. */
  readonly early: readonly M[];
}

/** @returns an empty timeline that waits for the message after `last`. */
export function createTimeline<M extends NumberedMessage>(last = 0): Timeline<M> {
  return { first: last + 1, last, messages: [], early: [] };
}

/** @returns whether messages are missing before the early ones: load the messages after `last` from the server. */
export function hasTimelineGap<M extends NumberedMessage>(timeline: Timeline<M>): boolean {
  return timeline.early.length > 0;
}

/**
 * Adds messages in any order and any number of times: new ones, changed ones and repeats.
 * Those before `first` are left out: `prependOlderPage` adds them.
 */
export function mergeIncomingMessages<M extends NumberedMessage>(
  timeline: Timeline<M>,
  incoming: readonly M[],
): Timeline<M> {
  let { last } = timeline;
  const messages = [...timeline.messages];
  const early = new Map(timeline.early.map((m) => [m.seq, m]));
  for (const message of incoming) {
    if (message.seq < timeline.first) continue;
    const index = message.seq - timeline.first;
    const known = message.seq <= last ? messages[index] : early.get(message.seq);
    if (known && known.revision >= message.revision) continue;
    if (message.seq <= last) messages[index] = message;
    else early.set(message.seq, message);
  }
  for (let next = early.get(last + 1); next; next = early.get(last + 1)) {
    messages.push(next);
    early.delete(next.seq);
    last = next.seq;
  }
  return { first: timeline.first, last, messages, early: [...early.values()].sort((a, b) => a.seq - b.seq) };
}

/**
 * Puts an older page in front.
 * @throws RangeError if the page is not gapless or does not end right before `first`
 */
export function prependOlderPage<M extends NumberedMessage>(timeline: Timeline<M>, page: readonly M[]): Timeline<M> {
  const start = timeline.first - page.length;
  if (page.some((m, i) => m.seq !== start + i)) throw new RangeError(`the page does not end before ${timeline.first}`);
  return { ...timeline, first: start, messages: [...page, ...timeline.messages] };
}

/**
 * Keeps the messages numbered `from` to `to`, and drops the others. Dropped ones are loaded again like those that never
 * were there: before `first`, or after `last`, beyond which the early ones go too.
 */
export function keepTimelineRange<M extends NumberedMessage>(
  timeline: Timeline<M>,
  from: number,
  to: number,
): Timeline<M> {
  const first = Math.min(Math.max(timeline.first, from), timeline.last + 1);
  const last = Math.max(Math.min(timeline.last, to), first - 1);
  if (first === timeline.first && last === timeline.last) return timeline;
  const messages = timeline.messages.slice(first - timeline.first, last - timeline.first + 1);
  return { first, last, messages, early: last === timeline.last ? timeline.early : [] };
}
