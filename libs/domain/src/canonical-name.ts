/** What ends a host in the address of a page, or is read in another way there. */
const NOT_IN_A_HOST = /[/\\?#:%@[\]\s]/;

/** A quoted local part that means the same without its quotes (RFC 5321, section 4.1.2). */
const NEEDLESS_QUOTES = /^"([^"\\@\s]+)"$/;

/**
 * @returns the form of a username under which it is unique, and of any name that is typed to find somebody. Case, width,
 * style, composition and invisible characters make no difference. Letters that are merely written or read alike do:
 * `ß` is not `ss`, and the dotless `ı` not `i`, since they may be somebody else's.
 */
export function toCanonicalName(name: string): string {
  // Σ has two small letters. Lower case can be in another form of composition, hence the second normalisation.
  const plain = name.normalize('NFKC').replace(/\p{DI}/gu, '');
  return plain.toLowerCase().replaceAll('ς', 'σ').normalize('NFKC').trim();
}

/**
 * @returns the form of an e-mail address under which it is unique. The local part is compared as names are. The domain
 * is in ASCII, by the rules that browsers and DNS apply (UTS 46), and without the dot of the root. Whoever changes this
 * adds a migration that computes all forms anew.
 */
export function toCanonicalEmail(address: string): string {
  const at = Math.max(address.lastIndexOf('@'), address.lastIndexOf('＠'));
  const local = toCanonicalName(address.slice(0, Math.max(at, 0))).replace(NEEDLESS_QUOTES, '$1');
  return `${local}@${toAsciiDomain(address.slice(at + 1).trim())}`;
}

/** @returns the canonical form of what was typed to sign in: of an e-mail address, or of a username, which has no `@` */
export function toCanonicalLogin(emailOrUsername: string): string {
  return isEmailLogin(emailOrUsername) ? toCanonicalEmail(emailOrUsername) : toCanonicalName(emailOrUsername);
}

/** @returns whether what was typed to sign in is an e-mail address */
export function isEmailLogin(emailOrUsername: string): boolean {
  return /[@＠]/.test(emailOrUsername);
}

/** @returns the domain itself, in small letters, if it is none that DNS could have */
function toAsciiDomain(domain: string): string {
  const url = `http://${domain}`;
  const isHost = !NOT_IN_A_HOST.test(domain) && URL.canParse(url);
  return (isHost ? new URL(url).hostname : domain.toLowerCase()).replace(/[.\s]+$/, '');
}
