/** A part of a message: plain text, or a link with its URL. */
export interface TextSegment {
  text: string;
  url?: string;
}

const LINK_CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"'`{}|\\^]+/giu;
const CLOSING_BRACKETS: Record<string, string> = { ')': '(', ']': '[' };
const EMOJI_TEXT =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3|\s)+$/u;
const LARGE_EMOJI_MAX = 6;

/**
 * Splits a text into plain parts and links. Only http and https become links, so that no text can carry a
 * `javascript:` address; the result is bound as text and `href`, never as HTML.
 */
export function splitIntoLinks(text: string): TextSegment[] {
  const segments: TextSegment[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK_CANDIDATE)) {
    const link = trimLinkTail(match[0]);
    const url = webAddressOf(link);
    if (!url) continue;
    if (match.index > end) segments.push({ text: text.slice(end, match.index) });
    segments.push({ text: link, url });
    end = match.index + link.length;
  }
  if (end < text.length) segments.push({ text: text.slice(end) });
  return segments;
}

/** @returns whether the text is only a few emoji; such messages are shown larger */
export function isEmojiOnly(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed || trimmed.length > 80 || !EMOJI_TEXT.test(trimmed)) return false;
  const emoji = [...new Intl.Segmenter().segment(trimmed)].filter(({ segment }) => segment.trim());
  return emoji.length <= LARGE_EMOJI_MAX;
}

/** Removes what is not part of the link: the punctuation of the sentence, and a bracket opened before the link. */
function trimLinkTail(candidate: string): string {
  let link = candidate;
  for (;;) {
    const last = link.at(-1) ?? '';
    const opening = CLOSING_BRACKETS[last];
    const isUnmatched = opening !== undefined && link.split(last).length > link.split(opening).length;
    if (!isUnmatched && !/[.,:;!?…»”’]$/u.test(link)) return link;
    link = link.slice(0, -1);
  }
}

function webAddressOf(link: string): string | undefined {
  const address = /^www\./i.test(link) ? `https://${link}` : link;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname.length > 1 ? url.href : undefined;
}
