import { Directive, input, output } from '@angular/core';
import type { TileRect } from './tile-layout';

/** Lets people drag a tile by mouse, pen or touch. Its buttons stay buttons. */
@Directive({
  selector: '[wcInsetDrag]',
  host: {
    '(pointerdown)': 'startDrag($event)',
    '(pointermove)': 'continueDrag($event)',
    '(pointerup)': 'endDrag()',
    '(pointercancel)': 'endDrag()',
  },
})
export class InsetDrag {
  /** Where the tile is when a drag begins; null: it cannot be dragged. */
  readonly from = input.required<TileRect | null>({ alias: 'wcInsetDrag' });
  readonly dragged = output<TileRect>();
  /** The drag is over: the tile is where it was dragged last. */
  readonly dropped = output();
  private origin: { pointer: PointerEvent; rect: TileRect } | null = null;

  protected startDrag(event: PointerEvent): void {
    const rect = this.from();
    const tile = event.currentTarget as HTMLElement;
    if (!rect || event.button !== 0 || (event.target as Element).closest('button')) return;
    event.preventDefault();
    tile.setPointerCapture(event.pointerId);
    this.origin = { pointer: event, rect };
  }

  protected continueDrag(event: PointerEvent): void {
    if (event.pointerId !== this.origin?.pointer.pointerId) return;
    const { pointer, rect } = this.origin;
    this.dragged.emit({
      ...rect,
      x: rect.x + event.clientX - pointer.clientX,
      y: rect.y + event.clientY - pointer.clientY,
    });
  }

  protected endDrag(): void {
    if (this.origin) this.dropped.emit();
    this.origin = null;
  }
}
