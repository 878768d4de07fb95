/** How long to wait for the server's answer, in ms. */
const TIMEOUT_MS = 5_000;
const MAIN_SCRIPT = /src="(main[^"]*\.js)"/;

/** @returns the main script of the release that the server has now; null when it cannot be reached */
export async function fetchServedRelease(): Promise<string | null> {
  try {
    const headers = { Accept: 'text/html' };
    const answer = await fetch('/', { headers, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.ok ? (MAIN_SCRIPT.exec(await answer.text())?.[1] ?? null) : null;
  } catch (error) {
    console.debug('the release of the server could not be read', error);
    return null;
  }
}

/** @returns the main script of the release that this page comes from */
export function readOwnRelease(): string | null {
  return document.querySelector('script[src^="main"]')?.getAttribute('src') ?? null;
}
