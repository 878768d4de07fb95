/** Position and size of a tile on the stage, in CSS pixels. */
export interface TileRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The area that tiles share. */
export interface StageArea {
  width: number;
  height: number;
  gap: number;
}

/** A tile may have any shape between these two ratios; beyond them faces are cut off. */
const NARROWEST_RATIO = 3 / 4;
const WIDEST_RATIO = 16 / 9;
/** Grids are compared by the visible area of a picture of this shape: a narrow tile cuts off most of it. */
const PICTURE_RATIO = 4 / 3;

/** On a narrower stage the controls cover the whole lower edge and would cover a strip on the right too. */
export const WIDE_STAGE_PX = 600;

/** Size of the strip next to a large tile: share of the stage, with limits in pixels. */
const STRIP_THICKNESS = { share: 0.15, min: 96, max: 200 };
/** Strips are compared by how much of a large picture of this shape, a screen or a camera, they leave room for. */
const LARGE_PICTURE_RATIO = 16 / 9;

/**
 * Computes the grid that shows the most of `count` pictures on the stage without scrolling; centres an incomplete row.
 * @returns one rectangle per tile, row by row
 */
export function computeGridLayout(count: number, stage: StageArea): TileRect[] {
  if (count === 0) return [];
  let best = { columns: 1, rows: count, width: 0, height: 0, area: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = fitTileShape(
      (stage.width - (columns - 1) * stage.gap) / columns,
      (stage.height - (rows - 1) * stage.gap) / rows,
    );
    const visibleWidth = Math.min(tile.width, tile.height * PICTURE_RATIO);
    const area = (visibleWidth * visibleWidth) / PICTURE_RATIO;
    if (area > best.area) best = { columns, rows, ...tile, area };
  }
  const top = (stage.height - best.rows * best.height - (best.rows - 1) * stage.gap) / 2;
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / best.columns);
    const inRow = row === best.rows - 1 ? count - row * best.columns : best.columns;
    const left = (stage.width - inRow * best.width - (inRow - 1) * stage.gap) / 2;
    return {
      x: left + (i - row * best.columns) * (best.width + stage.gap),
      y: top + row * (best.height + stage.gap),
      width: best.width,
      height: best.height,
    };
  });
}

/**
 * Places one large tile and the rest in a strip, on the right or on top, wherever the large picture gets larger; always
 * on top of a narrow stage, where the controls would cover the strip on the right.
 * @returns the rectangle of the large tile first, then those of the strip
 */
export function computeSpotlightLayout(others: number, stage: StageArea): TileRect[] {
  if (others === 0) return [{ x: 0, y: 0, width: stage.width, height: stage.height }];
  const top = layoutWithStrip('top', others, stage);
  if (stage.width < WIDE_STAGE_PX) return top;
  const right = layoutWithStrip('right', others, stage);
  return largePictureWidth(right) >= largePictureWidth(top) ? right : top;
}

function layoutWithStrip(side: 'right' | 'top', others: number, stage: StageArea): TileRect[] {
  const isRight = side === 'right';
  const along = isRight ? stage.height : stage.width;
  const across = isRight ? stage.width : stage.height;
  const thickness = Math.min(
    STRIP_THICKNESS.max,
    Math.max(STRIP_THICKNESS.min, across * STRIP_THICKNESS.share),
    across / 2,
  );
  const cell = (along - (others - 1) * stage.gap) / others;
  const tile = isRight ? fitTileShape(thickness, cell) : fitTileShape(cell, thickness);
  const length = isRight ? tile.height : tile.width;
  const start = (along - others * length - (others - 1) * stage.gap) / 2;
  const big = across - thickness - stage.gap;
  const strip = Array.from({ length: others }, (_, i) => {
    const offset = start + i * (length + stage.gap);
    return isRight
      ? { x: big + stage.gap + (thickness - tile.width) / 2, y: offset, ...tile }
      : { x: offset, y: (thickness - tile.height) / 2, ...tile };
  });
  const large = isRight
    ? { x: 0, y: 0, width: big, height: stage.height }
    : { x: 0, y: thickness + stage.gap, width: stage.width, height: big };
  return [large, ...strip];
}

function largePictureWidth([large]: readonly TileRect[]): number {
  return large ? Math.min(large.width, large.height * LARGE_PICTURE_RATIO) : 0;
}

function fitTileShape(width: number, height: number): { width: number; height: number } {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  const ratio = width / height;
  if (ratio > WIDEST_RATIO) return { width: height * WIDEST_RATIO, height };
  if (ratio < NARROWEST_RATIO) return { width, height: width / NARROWEST_RATIO };
  return { width, height };
}
