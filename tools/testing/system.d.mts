/** The path of a Chromium that works, found or downloaded. */
export function browser(): Promise<string | undefined>;
