const LINK_PATH = /\/(?:join|r)\/[\w-]+/;
const INVITATION_CODE = /^[^\w\s-]*([\w-]{8,128})[^\w\s-]*$/;

/**
 * Accepts a link to an invitation or a room, or the code of an invitation alone, with the marks of a sentence around it.
 * @returns the path to open; null for any other text
 */
export function pathOfPastedLink(text: string): string | null {
  const [path] = LINK_PATH.exec(text) ?? [];
  if (path) return path;
  const [, code] = INVITATION_CODE.exec(text.trim()) ?? [];
  return code ? `/join/${code}` : null;
}
