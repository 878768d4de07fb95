/**
 * Where to go after signing in. The parameter in the address may come from a stranger's link, so only paths of this
 * site are followed.
 * @returns a path that starts with one slash; `/` for anything else
 */
export function safeReturnPath(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return '/';
  try {
    const url = new URL(next, location.origin);
    // Checks the address as the browser parses it: `//host`, `/\host` and tabs in between all lead to other sites.
    if (url.origin !== location.origin || url.pathname.startsWith('//')) return '/';
    return /^\/(sign-|reset-password)/.test(url.pathname) ? '/' : url.pathname + url.search + url.hash;
  } catch (error) {
    console.debug('the return path is not an address', error);
    return '/';
  }
}
