import type { CoveredArea } from './covered-area';
import { type StageArea, type TileRect, WIDE_STAGE_PX } from './tile-layout';

export const INSET_CORNERS = ['top-left', 'top-right', 'bottom-right', 'bottom-left'] as const;
/** A corner of the stage, where the inset is. */
export type InsetCorner = (typeof INSET_CORNERS)[number];

const MARGIN_PX = 12;
/** What stands in the corners of a large tile: the time and the tile's buttons above, its name below. */
const UPPER_CORNER_PX = 56;
const NAME_PX = 40;
/** Width of the inset as a share of the stage, with limits in pixels; on a narrow stage it is upright, as phones are. */
const WIDE = { share: 0.16, min: 160, max: 200, ratio: 16 / 10 };
const NARROW = { width: 112, ratio: 3 / 4 };
/** On a low stage the inset leaves at least this share of the height to the large tile. */
const MAX_HEIGHT_SHARE = 0.45;

type StageSize = Pick<StageArea, 'width' | 'height'>;

/** Places the own tile of a call of two in a corner, clear of the controls and of what the other tile has there. */
export function placeInset(corner: InsetCorner, stage: StageSize, covered: CoveredArea): TileRect {
  const isWide = stage.width >= WIDE_STAGE_PX;
  const wanted = isWide ? Math.min(WIDE.max, Math.max(WIDE.min, stage.width * WIDE.share)) : NARROW.width;
  const isBesideControls = stage.width / 2 - covered.side >= wanted + 2 * MARGIN_PX;
  const bottom = Math.max(0, stage.height - (isBesideControls ? 0 : covered.height));
  const ratio = isWide ? WIDE.ratio : NARROW.ratio;
  const height = Math.min(wanted / ratio, bottom * MAX_HEIGHT_SHARE);
  const width = height * ratio;
  const isLeft = corner.endsWith('left');
  const lowest = Math.max(0, bottom - height - (isLeft ? NAME_PX : MARGIN_PX));
  return {
    x: isLeft ? MARGIN_PX : stage.width - width - MARGIN_PX,
    y: corner.startsWith('top') ? Math.min(UPPER_CORNER_PX, lowest) : lowest,
    width,
    height,
  };
}

/** @returns the corner that is nearest to the middle of a tile */
export function nearestCornerOf(rect: TileRect, stage: StageSize): InsetCorner {
  const vertical = rect.y + rect.height / 2 < stage.height / 2 ? 'top' : 'bottom';
  const horizontal = rect.x + rect.width / 2 < stage.width / 2 ? 'left' : 'right';
  return `${vertical}-${horizontal}`;
}

/** @returns the corner into which a key moves the inset; undefined for other keys */
export function cornerAfterKey(corner: InsetCorner, key: string): InsetCorner | undefined {
  const [vertical, horizontal] = corner.split('-') as ['top' | 'bottom', 'left' | 'right'];
  switch (key) {
    case 'ArrowUp':
      return `top-${horizontal}`;
    case 'ArrowDown':
      return `bottom-${horizontal}`;
    case 'ArrowLeft':
      return `${vertical}-left`;
    case 'ArrowRight':
      return `${vertical}-right`;
    default:
      return undefined;
  }
}

/** @returns the next corner, clockwise */
export function nextCornerAfter(corner: InsetCorner): InsetCorner {
  return INSET_CORNERS[(INSET_CORNERS.indexOf(corner) + 1) % INSET_CORNERS.length] ?? corner;
}
