/** @returns whether nothing has the focus: what had it is gone, or it was never given */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
