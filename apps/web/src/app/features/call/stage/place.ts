import { Directive, effect, ElementRef, inject, input, untracked } from '@angular/core';
import type { TileRect } from './tile-layout';

/** Same as the CSS token `--calm`. */
const MOVE_TIMING = { duration: 200, easing: 'ease-out' };

/**
 * Places an element and animates it to each new place. Only the transform is animated, because a new layout in every
 * frame would slow down connecting a call.
 */
@Directive({
  selector: '[wcPlace]',
  host: {
    '[style.width.px]': 'place().width',
    '[style.height.px]': 'place().height',
    '[style.transform]': 'toTranslateTransform(place())',
  },
})
export class Place {
  readonly place = input.required<TileRect>({ alias: 'wcPlace' });
  /** False while somebody drags the element, which then follows at once. */
  readonly animated = input(true, { alias: 'wcPlaceAnimated' });

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    let former: TileRect | undefined;
    effect(() => {
      const [from, to] = [former, this.place()];
      former = to;
      if (!from || isSameRect(from, to) || isEmptyRect(to) || !untracked(this.animated)) return;
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const scale = `scale(${from.width / to.width}, ${from.height / to.height})`;
      element.animate(
        { transform: [`${this.toTranslateTransform(from)} ${scale}`, this.toTranslateTransform(to)] },
        MOVE_TIMING,
      );
    });
  }

  protected toTranslateTransform({ x, y }: TileRect): string {
    return `translate(${x}px, ${y}px)`;
  }
}

/** The stage may have no size yet. */
function isEmptyRect({ width, height }: TileRect): boolean {
  return width <= 0 || height <= 0;
}

function isSameRect(a: TileRect, b: TileRect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
