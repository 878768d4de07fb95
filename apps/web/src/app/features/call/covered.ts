import type { Rect, Stage } from './grid-layout';

/** What the controls cover of the stage: this much above its lower edge, this far to each side of its middle; in pixels. */
export interface Covered {
  height: number;
  side: number;
}

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
export function clearOf({ height, side }: Covered, stage: Stage, lay: (stage: Stage) => Rect[]): Rect[] {
  const rects = lay(stage);
  const isHidden = (rect: Rect): boolean => {
    const left = rect.x - stage.width / 2;
    const behind = rect.y + rect.height > stage.height - height && left < side && left + rect.width > -side;
    return behind && rect.height <= LOW;
  };
  return rects.some(isHidden) ? lay({ ...stage, height: Math.max(0, stage.height - height) }) : rects;
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
