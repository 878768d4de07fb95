import type { StageArea, TileRect } from './tile-layout';

/** The part of the stage behind the controls, in pixels: height from the lower edge, width each side of the middle. */
export interface CoveredArea {
  height: number;
  side: number;
}

type StageSize = Pick<StageArea, 'width' | 'height'>;

/** Distance between the controls and a name lifted above them. */
const CONTROLS_GAP_PX = 4;
/** Assumed width of a name. */
const NAME_WIDTH_PX = 140;
/** A tile up to this height would show too little with its lower edge behind the controls. */
const LOW_TILE_HEIGHT_PX = 320;

/** @returns the area behind the controls and everything they show at the moment */
export function measureCoveredArea(controls: HTMLElement, floor: HTMLElement): CoveredArea {
  const height = floor.getBoundingClientRect().bottom - controls.getBoundingClientRect().top + CONTROLS_GAP_PX;
  const widths = [...controls.children].map((part) => part.getBoundingClientRect().width);
  return { height: Math.max(0, Math.round(height)), side: Math.ceil(Math.max(0, ...widths) / 2) };
}

/**
 * Tiles may reach behind the controls, which fade when nothing moves, unless one of the tiles is too low for that.
 * @param layout lays out the tiles on a given stage
 * @returns the layout for the whole stage, or for the part above the controls
 */
export function layoutClearOfControls(
  covered: CoveredArea,
  stage: StageArea,
  layout: (stage: StageArea) => TileRect[],
): TileRect[] {
  const rects = layout(stage);
  const isTooMuchHidden = rects.some(
    (rect) => rect.height <= LOW_TILE_HEIGHT_PX && isEdgeBehindControls(rect, stage, covered),
  );
  return isTooMuchHidden ? layout({ ...stage, height: Math.max(0, stage.height - covered.height) }) : rects;
}

/** @returns whether the name in a tile's lower left corner would be behind the controls */
export function isNameCovered(rect: TileRect, floor: StageSize, covered: CoveredArea): boolean {
  return isEdgeBehindControls({ ...rect, width: Math.min(rect.width, NAME_WIDTH_PX) }, floor, covered);
}

/** @returns whether at least a part of the lower edge is behind the controls */
function isEdgeBehindControls(rect: TileRect, floor: StageSize, { height, side }: CoveredArea): boolean {
  const left = rect.x - floor.width / 2;
  return rect.y + rect.height > floor.height - height && left < side && left + rect.width > -side;
}
