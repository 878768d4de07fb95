const INVITATION_CODE = /^[\w-]{8,128}$/;

/**
 * Accepts a whole link to an invitation or a room, or the code of an invitation alone.
 * @returns the path to open; null for any other text
 */
export function pathOfPastedLink(text: string): string | null {
  const pasted = text.trim();
  const [, kind, id] = /\/(join|r)\/([\w-]+)\/?(?:[?#].*)?$/.exec(pasted) ?? [];
  if (kind && id) return `/${kind}/${id}`;
  return INVITATION_CODE.test(pasted) ? `/join/${pasted}` : null;
}
