import type { Rect, Stage } from './grid-layout';

/** What the controls cover of the stage: this much above its lower edge, this far to each side of its middle; in pixels. */
export interface Covered {
  height: number;
  side: number;
}

type Floor = Pick<Stage, 'width' | 'height'>;

/** Between what is lifted and the controls. */
const GAP = 4;
/** How wide a name is. */
const NAME = 140;
/** Of a tile that is no higher than this too little is left to see when its lower edge is behind the controls. */
const LOW = 320;

/** @returns what the controls cover, with all that they show at the moment */
export function coveredBy(controls: HTMLElement, floor: HTMLElement): Covered {
  const height = floor.getBoundingClientRect().bottom - controls.getBoundingClientRect().top + GAP;
  const widths = [...controls.children].map((part) => part.getBoundingClientRect().width);
  return { height: Math.max(0, Math.round(height)), side: Math.ceil(Math.max(0, ...widths) / 2) };
}

/**
 * Tiles may reach behind the controls, which fade when nothing moves, unless one of them is too low for that.
 * @param lay puts the tiles on a stage
 * @returns where they are: on the whole stage, or on the part of it above the controls
 */
export function clearOf(covered: Covered, stage: Stage, lay: (stage: Stage) => Rect[]): Rect[] {
  const rects = lay(stage);
  const hides = rects.some((rect) => rect.height <= LOW && isBehind(rect, stage, covered));
  return hides ? lay({ ...stage, height: Math.max(0, stage.height - covered.height) }) : rects;
}

/** @returns whether the name in a tile's lower left corner would be behind the controls */
export function isNameCovered(rect: Rect, floor: Floor, covered: Covered): boolean {
  return isBehind({ ...rect, width: Math.min(rect.width, NAME) }, floor, covered);
}

/** @returns whether the lower edge of something is behind the controls, at least with a part */
function isBehind(rect: Rect, floor: Floor, { height, side }: Covered): boolean {
  const left = rect.x - floor.width / 2;
  return rect.y + rect.height > floor.height - height && left < side && left + rect.width > -side;
}
