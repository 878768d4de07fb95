/**
 * Names that people would mistake for the server, its operators, or everybody at once. Usernames have Latin letters
 * only, guests' names letters of any script.
 */
const RESERVED_NAMES = [
  ...['admin', 'administrator', 'all', 'everybody', 'everyone', 'guest', 'here', 'me', 'moderator', 'null'],
  ...['official', 'owner', 'root', 'security', 'server', 'support', 'system', 'undefined', 'webcall', 'you'],
  ...['админ', 'администратор', 'владелец', 'все', 'всем', 'гость', 'модератор', 'поддержка', 'сервер', 'система'],
];

/** Real names that are allowed although they look like a reserved one. */
const ALLOWED_NAMES = ['ali'];

type Skeleton = (text: string) => string;

let loadedSkeleton: Promise<Skeleton> | undefined;
let reservedLooks: Promise<ReadonlySet<string>> | undefined;

/**
 * @returns the look of a name. Names have the same look when they differ only in case, width or style, in invisible
 * characters, or in characters that Unicode's table of confusables (UTS 39) treats as the same; and, as a username can
 * be read in either case, in `I`, `i`, `l` and `1`. A look has no white space. The table is loaded on the first call,
 * so that clients that never call this do not load it.
 */
export async function toNameLook(name: string): Promise<string> {
  loadedSkeleton ??= import('unhomoglyph').then((module) => module.default);
  const skeleton = await loadedSkeleton;
  const plain = name
    .normalize('NFKC')
    .normalize('NFD')
    .replace(/[\p{DI}\s]/gu, '');
  // First as written, where a Cyrillic О is an O, then in lower case, where m is rn.
  const lower = skeleton(skeleton(plain).toLowerCase()).toLowerCase();
  return lower
    .replaceAll('i', 'l')
    .replaceAll('w', 'vv')
    .replace(/([_.-])\1+/g, '$1')
    .normalize('NFC');
}

/** @returns whether a name looks reserved, as it is or without signs, or without digits at its ends */
export async function isReservedName(name: string): Promise<boolean> {
  const plain = name.normalize('NFKC');
  const cores = [plain, plain.replace(/[\P{L}]+$/u, ''), plain.replace(/^[\P{L}]+/u, ''), plain.replace(/\P{L}/gu, '')];
  reservedLooks ??= toNameLooks(RESERVED_NAMES.flatMap((word) => [word, word.toUpperCase(), capitalizeWord(word)]));
  const words = await reservedLooks;
  const looks = await toNameLooks(
    [...cores, cores[1]?.replace(/^[\P{L}]+/u, '') ?? '']
      .flatMap((core) => [core, core.toLowerCase()])
      .filter((core) => !ALLOWED_NAMES.includes(core.toLowerCase().replace(/\P{L}/gu, ''))),
  );
  return [...looks].some((look) => words.has(look.replace(/[^\p{L}\p{M}]/gu, '')));
}

async function toNameLooks(names: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await Promise.all(names.map(toNameLook)));
}

function capitalizeWord(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
