const CODE = /^[\w-]{8,128}$/;

/**
 * What people paste: a whole link to an invitation or a room, or an invitation's bare code.
 * @returns the path to go to; null when it is none of these
 */
export function pathOfLink(text: string): string | null {
  const pasted = text.trim();
  const [, kind, id] = /\/(join|r)\/([\w-]+)\/?(?:[?#].*)?$/.exec(pasted) ?? [];
  if (kind && id) return `/${kind}/${id}`;
  return CODE.test(pasted) ? `/join/${pasted}` : null;
}
