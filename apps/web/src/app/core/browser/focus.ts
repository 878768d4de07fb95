/** @returns whether no element has the focus: the focused one was removed, or there never was one */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** @returns whether the element is a text field or in a dialog or menu, which handle their keys themselves */
export function isKeyboardTarget(element: EventTarget | null): boolean {
  const places = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu]';
  return element instanceof Element && element.closest(places) !== null;
}
