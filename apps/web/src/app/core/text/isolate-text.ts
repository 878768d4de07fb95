/** Letters that are written from right to left, and characters that turn the direction of what follows them. */
const TURNS_DIRECTION =
  /[\p{Script=Hebr}\p{Script=Arab}\p{Script=Syrc}\p{Script=Thaa}\p{Script=Nkoo}\p{Script=Adlm}\p{Bidi_Control}]/u;

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/**
 * For a text of a person that stands among other words and cannot have an element of its own, as in the title of a tab:
 * it keeps its own direction and does not turn what stands around it (Unicode Standard Annex 9, section 2.4).
 * @returns the text between the marks of an isolate; the same text if no direction turns in it
 */
export function isolateText(text: string): string {
  return TURNS_DIRECTION.test(text) ? FIRST_STRONG_ISOLATE + closeIsolates(text) + POP_DIRECTIONAL_ISOLATE : text;
}

/** @returns texts whose functions isolate the texts of people that are put into them, such as names */
export function isolateArguments<T extends object>(texts: T): T {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]: [string, unknown]) => [key, isolateArgumentsOf(text)]),
  ) as T;
}

function isolateArgumentsOf(text: unknown): unknown {
  if (typeof text === 'function')
    return (...args: unknown[]): unknown => (text as (...args: unknown[]) => unknown)(...args.map(isolateArgument));
  return typeof text === 'object' && text !== null && !Array.isArray(text) ? isolateArguments(text) : text;
}

function isolateArgument(argument: unknown): unknown {
  if (Array.isArray(argument)) return argument.map(isolateArgument);
  return typeof argument === 'string' ? isolateText(argument) : argument;
}

/** A text can end the isolate that it stands in, or leave one of its own open. */
function closeIsolates(text: string): string {
  let open = 0;
  let closed = '';
  for (const character of text) {
    if (character === POP_DIRECTIONAL_ISOLATE && open === 0) continue;
    if (/[\u2066-\u2068]/.test(character)) open += 1;
    if (character === POP_DIRECTIONAL_ISOLATE) open -= 1;
    closed += character;
  }
  return closed + POP_DIRECTIONAL_ISOLATE.repeat(open);
}

/** @returns names in a row, each with a direction of its own */
export function joinNames(names: readonly string[]): string {
  return names.map(isolateText).join(', ');
}
