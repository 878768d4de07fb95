import type { Rect } from './grid-layout';

/** What the controls cover of the stage: this much above its lower edge, this far to each side of its middle; in pixels. */
export interface Covered {
  height: number;
  side: number;
}

/** Between what is lifted and the controls. */
const GAP = 4;
/** How wide a name is. */
const NAME = 140;

/** @returns what the controls cover, with all that they show at the moment */
export function coveredBy(controls: HTMLElement, floor: HTMLElement): Covered {
  const height = floor.getBoundingClientRect().bottom - controls.getBoundingClientRect().top + GAP;
  const widths = [...controls.children].map((part) => part.getBoundingClientRect().width);
  return { height: Math.max(0, Math.round(height)), side: Math.ceil(Math.max(0, ...widths) / 2) };
}

/** @returns whether the name in a tile's lower left corner would be behind the controls */
export function isNameCovered(
  rect: Rect,
  floor: { width: number; height: number },
  { height, side }: Covered,
): boolean {
  const low = rect.y + rect.height > floor.height - height;
  const left = rect.x - floor.width / 2;
  return low && left < side && left + Math.min(rect.width, NAME) > -side;
}
