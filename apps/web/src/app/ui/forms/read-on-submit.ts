import { afterNextRender, DestroyRef, ElementRef, inject } from '@angular/core';

/**
 * Has a field read what stands in it before its form is checked and sent: password managers fill fields without any
 * event of which the page could learn. Needs the injection context of a component.
 */
export function readOnSubmit(read: () => void): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const destroyed = inject(DestroyRef);
  afterNextRender(() => {
    const form = host.closest('form');
    // Capturing comes before the listeners of the form itself.
    form?.addEventListener('submit', read, { capture: true });
    destroyed.onDestroy(() => form?.removeEventListener('submit', read, { capture: true }));
  });
}
