/** @returns whether nothing has the focus: what had it is gone, or it was never given */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** @returns whether the element is where somebody writes, or in a dialog or menu: what is typed there is meant for it */
export function takesKeys(element: EventTarget | null): boolean {
  const places = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu]';
  return element instanceof Element && element.closest(places) !== null;
}
