import { LinkifyIt } from 'linkify-it';

/** A part of a message: plain text, or a link with its URL. */
export interface TextSegment {
  text: string;
  url?: string;
  /** The host that the link leads to, unless its text says so itself. */
  host?: string;
}

/** A scheme that is no part of a longer one, or `www.` that is no part of a longer host. */
const LINK_START = /(?<![a-z\d])(?:https?:\/\/|(?<![@./-])www\.)/giu;
/** What no URL contains as it is, and format controls: they cannot be seen, or turn the writing around. */
const NEVER_IN_LINKS = /[\s"<>\\^`|]|(?![\u200c\u200d])\p{Cf}/u;
const SENTENCE_MARKS = '.,:;!?';
const EMPHASIS_MARKS = '*_~';
const EMOJI_TEXT =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3|\s)+$/u;
const LARGE_EMOJI_MAX = 6;

const linkify = new LinkifyIt({ urlAuth: true });

/**
 * Splits a text into plain parts and links. Only http and https become links, so that no text can carry a
 * `javascript:` address; the result is bound as text and `href`, never as HTML.
 */
export function splitIntoLinks(text: string): TextSegment[] {
  const segments: TextSegment[] = [];
  let end = 0;
  for (const { index } of text.matchAll(LINK_START)) {
    const link = index < end ? undefined : linkAt(text, index);
    if (!link) continue;
    if (index > end) segments.push({ text: text.slice(end, index) });
    segments.push(link);
    end = index + link.text.length;
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

function linkAt(text: string, index: number): TextSegment | undefined {
  const [candidate = ''] = text.slice(index).split(NEVER_IN_LINKS, 1);
  const added = /^www\./i.test(candidate) ? 'https://' : '';
  const [scheme = ''] = /^https?:/i.exec(added + candidate) ?? [];
  const length = linkify.testSchemaAt(added + candidate, scheme, scheme.length);
  if (!length) return undefined;
  const link = trimMarks(candidate.slice(0, scheme.length + length - added.length), text[index - 1]);
  if (!URL.canParse(added + link)) return undefined;
  const { href, hostname } = new URL(added + link);
  if (added && !hostname.startsWith('www.')) return undefined;
  return { text: link, url: href, ...(showsHost(added + link, hostname) ? {} : { host: hostname }) };
}

/** Removes the marks of the sentence, and those that end an emphasis, such as `**`, if it began before the link. */
function trimMarks(link: string, before = ''): string {
  const marks = SENTENCE_MARKS + (EMPHASIS_MARKS.includes(before) ? before : '');
  let end = link.length;
  while (marks.includes(link.charAt(end - 1))) end--;
  return link.slice(0, end);
}

/** Whether the text names the host as the browser reads it: without user info, and in letters that cannot deceive. */
function showsHost(address: string, hostname: string): boolean {
  const [, written = ''] = /^https?:\/\/([^/?#]*?)(?::\d*)?(?:[/?#]|$)/i.exec(address) ?? [];
  return written.toLowerCase() === hostname;
}
