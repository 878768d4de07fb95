import { Directive, effect, ElementRef, inject, input } from '@angular/core';
import type { Rect } from './grid-layout';

/** The token `--calm`. */
const CALM = { duration: 200, easing: 'ease-out' };

/**
 * Puts an element into its place. To another one it moves, and does not jump; by its transform alone, for laying it out
 * anew in each frame takes the time in which a call is being connected.
 */
@Directive({
  selector: '[wcPlace]',
  host: {
    '[style.width.px]': 'place().width',
    '[style.height.px]': 'place().height',
    '[style.transform]': 'at(place())',
  },
})
export class Place {
  readonly place = input.required<Rect>({ alias: 'wcPlace' });

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    let former: Rect | undefined;
    effect(() => {
      const [from, to] = [former, this.place()];
      former = to;
      if (!from || isSame(from, to) || isEmpty(to) || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const scale = `scale(${from.width / to.width}, ${from.height / to.height})`;
      element.animate({ transform: [`${this.at(from)} ${scale}`, this.at(to)] }, CALM);
    });
  }

  protected at({ x, y }: Rect): string {
    return `translate(${x}px, ${y}px)`;
  }
}

/** The stage may have no room yet. */
function isEmpty({ width, height }: Rect): boolean {
  return width <= 0 || height <= 0;
}

function isSame(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
