/** Where a tile is on the stage, in CSS pixels. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The room that tiles share. */
export interface Stage {
  width: number;
  height: number;
  gap: number;
}

/** A tile may take any shape between a portrait phone and a cinema picture; beyond that faces are cut off. */
const NARROWEST = 3 / 4;
const WIDEST = 16 / 9;
/** Grids are compared by what a picture of this shape gets of each tile: a narrow tile cuts most of a camera's picture off. */
const PICTURE = 4 / 3;

/** On a narrower stage the controls cover the whole lower edge, and a strip on the right with it. */
const WIDE_STAGE = 600;

/** How much of the stage the strip beside a large tile takes. */
const STRIP = { share: 0.2, min: 96, max: 240 };

/**
 * The grid that shows most of `count` pictures on the stage without scrolling. An incomplete last row is centred.
 * @returns one rectangle per tile, row by row
 */
export function gridLayout(count: number, stage: Stage): Rect[] {
  if (count === 0) return [];
  let best = { columns: 1, rows: count, width: 0, height: 0, area: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = fit(
      (stage.width - (columns - 1) * stage.gap) / columns,
      (stage.height - (rows - 1) * stage.gap) / rows,
    );
    const seen = Math.min(tile.width, tile.height * PICTURE);
    const area = (seen * seen) / PICTURE;
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
 * One large tile and the others in a strip: on the right of a wide stage, on top of a tall or narrow one, where
 * the controls do not cover it.
 * @returns the rectangle of the large tile first, then those of the strip
 */
export function spotlightLayout(others: number, stage: Stage): Rect[] {
  if (others === 0) return [{ x: 0, y: 0, width: stage.width, height: stage.height }];
  const wide = stage.width >= Math.max(stage.height, WIDE_STAGE);
  const along = wide ? stage.height : stage.width;
  const across = wide ? stage.width : stage.height;
  const thickness = Math.min(STRIP.max, Math.max(STRIP.min, across * STRIP.share), across / 2);
  const cell = (along - (others - 1) * stage.gap) / others;
  const tile = wide ? fit(thickness, cell) : fit(cell, thickness);
  const length = wide ? tile.height : tile.width;
  const start = (along - others * length - (others - 1) * stage.gap) / 2;
  const big = across - thickness - stage.gap;
  const strip = Array.from({ length: others }, (_, i) => {
    const offset = start + i * (length + stage.gap);
    return wide
      ? { x: big + stage.gap + (thickness - tile.width) / 2, y: offset, ...tile }
      : { x: offset, y: (thickness - tile.height) / 2, ...tile };
  });
  const large = wide
    ? { x: 0, y: 0, width: big, height: stage.height }
    : { x: 0, y: thickness + stage.gap, width: stage.width, height: big };
  return [large, ...strip];
}

function fit(width: number, height: number): { width: number; height: number } {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  const ratio = width / height;
  if (ratio > WIDEST) return { width: height * WIDEST, height };
  if (ratio < NARROWEST) return { width, height: width / NARROWEST };
  return { width, height };
}
