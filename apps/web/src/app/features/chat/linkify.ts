/** A stretch of a message: plain text, or a link with the address it leads to. */
export interface Segment {
  text: string;
  url?: string;
}

const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"'`{}|\\^]+/giu;
const CLOSING: Record<string, string> = { ')': '(', ']': '[' };
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3|\s)+$/u;
const LARGE_EMOJI_MAX = 6;

/**
 * Cuts a text into plain stretches and links. Only http and https become links, so that no text can carry a
 * `javascript:` address; the result is bound as text and `href`, never as HTML.
 */
export function linkify(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = withoutTail(match[0]);
    const url = addressOf(shown);
    if (!url) continue;
    if (match.index > end) segments.push({ text: text.slice(end, match.index) });
    segments.push({ text: shown, url });
    end = match.index + shown.length;
  }
  if (end < text.length) segments.push({ text: text.slice(end) });
  return segments;
}

/** @returns whether the text is a handful of emoji and nothing else: such messages are shown larger. */
export function isEmojiOnly(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed || trimmed.length > 80 || !EMOJI.test(trimmed)) return false;
  const shown = [...new Intl.Segmenter().segment(trimmed)].filter(({ segment }) => segment.trim());
  return shown.length <= LARGE_EMOJI_MAX;
}

/** The dot that ends the sentence and the bracket that was opened before the link are not part of it. */
function withoutTail(candidate: string): string {
  let link = candidate;
  for (;;) {
    const last = link.at(-1) ?? '';
    const opening = CLOSING[last];
    const loose = opening !== undefined && link.split(last).length > link.split(opening).length;
    if (!loose && !/[.,:;!?…»”’]$/u.test(link)) return link;
    link = link.slice(0, -1);
  }
}

function addressOf(link: string): string | undefined {
  const address = /^www\./i.test(link) ? `https://${link}` : link;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname.length > 1 ? url.href : undefined;
}
