import { computeGridLayout, computeSpotlightLayout, type StageArea, type TileRect } from './tile-layout';

const STAGES: StageArea[] = [
  { width: 1280, height: 720, gap: 8 },
  { width: 1000, height: 500, gap: 8 },
  { width: 390, height: 700, gap: 8 },
  { width: 700, height: 320, gap: 8 },
  { width: 3000, height: 400, gap: 8 },
];
const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8];
const cases = STAGES.flatMap((stage) => COUNTS.map((count) => [count, stage.width, stage.height, stage] as const));

function overlap(a: TileRect, b: TileRect): boolean {
  const e = 0.01;
  return a.x + a.width > b.x + e && b.x + b.width > a.x + e && a.y + a.height > b.y + e && b.y + b.height > a.y + e;
}

function expectValidLayout(rects: readonly TileRect[], stage: StageArea): void {
  for (const rect of rects) {
    expect(rect.width).toBeGreaterThan(0);
    expect(rect.height).toBeGreaterThan(0);
    expect(rect.x).toBeGreaterThanOrEqual(-0.01);
    expect(rect.y).toBeGreaterThanOrEqual(-0.01);
    expect(rect.x + rect.width).toBeLessThanOrEqual(stage.width + 0.01);
    expect(rect.y + rect.height).toBeLessThanOrEqual(stage.height + 0.01);
  }
  rects.forEach((a, i) => rects.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBe(false)));
}

describe('computeGridLayout', () => {
  it.each(cases)('puts %i tiles on %i × %i without scrolling or overlap', (count, _w, _h, stage) => {
    const rects = computeGridLayout(count, stage);
    expect(rects).toHaveLength(count);
    expectValidLayout(rects, stage);
    for (const { width, height } of rects) {
      expect(width / height).toBeGreaterThan(0.74);
      expect(width / height).toBeLessThan(1.78);
    }
  });

  it('follows the shape of the window', () => {
    const [left, right] = computeGridLayout(2, { width: 1280, height: 720, gap: 8 }) as [TileRect, TileRect];
    expect(left.y).toBe(right.y);
    const [upper, lower] = computeGridLayout(2, { width: 390, height: 700, gap: 8 }) as [TileRect, TileRect];
    expect(upper.x).toBe(lower.x);
  });

  it('centres an incomplete last row', () => {
    const rects = computeGridLayout(3, { width: 1280, height: 720, gap: 8 });
    const last = rects[2] as TileRect;
    expect(last.x + last.width / 2).toBeCloseTo(640);
  });

  it('is empty without tiles', () => expect(computeGridLayout(0, STAGES[0] as StageArea)).toEqual([]));
});

describe('computeSpotlightLayout', () => {
  it.each(cases)('puts one large and %i small tiles on %i × %i', (others, _w, _h, stage) => {
    const rects = computeSpotlightLayout(others, stage);
    expect(rects).toHaveLength(others + 1);
    expectValidLayout(rects, stage);
    const [large, ...strip] = rects as [TileRect, ...TileRect[]];
    for (const small of strip) expect(small.width * small.height).toBeLessThan(large.width * large.height);
  });

  it.each([
    [{ width: 1192, height: 724, gap: 8 }, 1280 * 800],
    [{ width: 1832, height: 1004, gap: 8 }, 1920 * 1080],
  ])('puts the strip where it leaves a shared screen most of the window: %j', (stage, windowArea) => {
    for (const others of [2, 4, 7]) {
      const [large] = computeSpotlightLayout(others, stage) as [TileRect];
      const width = Math.min(large.width, (large.height * 16) / 9);
      expect((width * width * 9) / 16 / windowArea).toBeGreaterThan(0.6);
    }
  });

  it('gives a single tile the whole stage', () => {
    expect(computeSpotlightLayout(0, { width: 800, height: 600, gap: 8 })).toEqual([
      { x: 0, y: 0, width: 800, height: 600 },
    ]);
  });
});
