/**
 * Names that people would take for the server, for those who run it, or for everybody at once. A username is of Latin
 * letters, a guest's name of any.
 */
const RESERVED = [
  ...['admin', 'administrator', 'all', 'everybody', 'everyone', 'guest', 'here', 'me', 'moderator', 'null'],
  ...['official', 'owner', 'root', 'security', 'server', 'support', 'system', 'undefined', 'webcall', 'you'],
  ...['админ', 'администратор', 'владелец', 'все', 'всем', 'гость', 'модератор', 'поддержка', 'сервер', 'система'],
];

/** What people are called, though it looks like a reserved name. */
const ALLOWED = ['ali'];

type Skeleton = (text: string) => string;

let table: Promise<Skeleton> | undefined;
let reserved: Promise<ReadonlySet<string>> | undefined;

/**
 * What people take a name for. Names have the same look when they differ only in case, width or style, in what is not
 * seen, or in characters that Unicode's table of confusables (UTS 39) takes for the same; and, as a username can be read
 * in either case, in `I`, `i`, `l` and `1`. There is no white space in it. Loads the table when it is first asked, so that
 * a client that does not ask does without it.
 */
export async function lookOf(name: string): Promise<string> {
  table ??= import('unhomoglyph').then((module) => module.default);
  const skeleton = await table;
  const plain = name
    .normalize('NFKC')
    .normalize('NFD')
    .replace(/[\p{DI}\s]/gu, '');
  // As it is written first, where О is O, and then in lower case, where m is rn.
  const lower = skeleton(skeleton(plain).toLowerCase()).toLowerCase();
  return lower
    .replaceAll('i', 'l')
    .replaceAll('w', 'vv')
    .replace(/([_.-])\1+/g, '$1')
    .normalize('NFC');
}

/** @returns whether a name, or what is left of it without signs, or digits at its ends, looks like one that is reserved */
export async function isReservedName(name: string): Promise<boolean> {
  const plain = name.normalize('NFKC');
  const cores = [plain, plain.replace(/[\P{L}]+$/u, ''), plain.replace(/^[\P{L}]+/u, ''), plain.replace(/\P{L}/gu, '')];
  reserved ??= looksOf(RESERVED.flatMap((word) => [word, word.toUpperCase(), capitalized(word)]));
  const words = await reserved;
  const looks = await looksOf(
    [...cores, cores[1]?.replace(/^[\P{L}]+/u, '') ?? '']
      .flatMap((core) => [core, core.toLowerCase()])
      .filter((core) => !ALLOWED.includes(core.toLowerCase().replace(/\P{L}/gu, ''))),
  );
  return [...looks].some((look) => words.has(look.replace(/[^\p{L}\p{M}]/gu, '')));
}

async function looksOf(names: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await Promise.all(names.map(lookOf)));
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
