import { cornerAfterKey, INSET_CORNERS, nearestCornerOf, nextCornerAfter, placeInset } from './inset';

const covered = { height: 84, side: 230 };
const STAGES = [
  { width: 1192, height: 724 },
  { width: 1832, height: 1004 },
  { width: 640, height: 700 },
  { width: 374, height: 700 },
  { width: 374, height: 160 },
  { width: 700, height: 320 },
];
const places = STAGES.flatMap((stage) => INSET_CORNERS.map((corner) => [corner, stage.width, stage.height] as const));

describe('placeInset', () => {
  it.each(places)('in the corner %s of %i × %i is on the stage and clear of the controls', (corner, width, height) => {
    const rect = placeInset(corner, { width, height }, covered);
    expect(rect.x).toBeGreaterThanOrEqual(0);
    expect(rect.y).toBeGreaterThanOrEqual(0);
    expect(rect.width).toBeGreaterThan(0);
    expect(rect.x + rect.width).toBeLessThanOrEqual(width);
    expect(rect.y + rect.height).toBeLessThanOrEqual(height);
    const isBeside = rect.x >= width / 2 + covered.side || rect.x + rect.width <= width / 2 - covered.side;
    expect(isBeside || rect.y + rect.height <= height - covered.height).toBe(true);
  });

  it('is 160 to 200 px wide on a wide stage, and upright on a narrow one', () => {
    expect(placeInset('top-left', { width: 1832, height: 1004 }, covered)).toMatchObject({ width: 200, height: 125 });
    expect(placeInset('top-left', { width: 640, height: 700 }, covered)).toMatchObject({ width: 160, height: 100 });
    const { width, height } = placeInset('top-left', { width: 374, height: 700 }, covered);
    expect(height).toBeGreaterThan(width);
  });

  it('leaves the time and the buttons above free, and the name below', () => {
    const stage = { width: 1192, height: 724 };
    expect(placeInset('top-right', stage, covered).y).toBeGreaterThanOrEqual(50);
    const { y, height } = placeInset('bottom-left', stage, covered);
    expect(y + height).toBeLessThanOrEqual(stage.height - 36);
  });
});

it.each(INSET_CORNERS)('a tile that stands in the corner %s is nearest to it', (corner) => {
  const stage = { width: 1192, height: 724 };
  expect(nearestCornerOf(placeInset(corner, stage, covered), stage)).toBe(corner);
});

it('keys move it along the edges, and others do not', () => {
  expect(cornerAfterKey('bottom-right', 'ArrowUp')).toBe('top-right');
  expect(cornerAfterKey('top-right', 'ArrowLeft')).toBe('top-left');
  expect(cornerAfterKey('top-left', 'ArrowLeft')).toBe('top-left');
  expect(cornerAfterKey('top-left', 'ArrowDown')).toBe('bottom-left');
  expect(cornerAfterKey('bottom-left', 'ArrowRight')).toBe('bottom-right');
  expect(cornerAfterKey('bottom-left', 'm')).toBeUndefined();
});

it('goes round clockwise', () => {
  expect(INSET_CORNERS.map(nextCornerAfter)).toEqual(['top-right', 'bottom-right', 'bottom-left', 'top-left']);
});
