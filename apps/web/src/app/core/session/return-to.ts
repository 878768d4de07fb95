/**
 * Where to go after signing in. What stands in the address may come from a stranger's link, so only paths of this
 * site are followed.
 * @returns a path that starts with one slash; `/` for anything else
 */
export function returnTo(next: string | null | undefined): string {
  if (!next?.startsWith('/')) return '/';
  try {
    const url = new URL(next, location.origin);
    // The check is on what the browser makes of it: `//host`, `/\host` and tabs in between all lead away.
    if (url.origin !== location.origin || url.pathname.startsWith('//')) return '/';
    return /^\/(sign-|reset-password)/.test(url.pathname) ? '/' : url.pathname + url.search + url.hash;
  } catch (error) {
    console.debug('Not an address', error);
    return '/';
  }
}
