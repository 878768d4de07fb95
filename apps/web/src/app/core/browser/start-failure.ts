/** Pause before the page is loaded again, in ms. */
const RELOAD_AFTER_MS = 3_000;

/**
 * Loads the page again, after a pause, if a part of its code was lost on the way, such as when the network changed
 * meanwhile: browsers do not always ask for it a second time. Does nothing after other errors.
 */
export function reloadAfterLostModule(error: unknown): void {
  // Each browser has its own words, and all speak of a module.
  const lost = error instanceof TypeError && /module/i.test(error.message);
  if (lost) setTimeout(() => location.reload(), RELOAD_AFTER_MS);
}
