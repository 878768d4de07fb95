import { isNameCovered, layoutClearOfControls, measureCoveredArea } from './covered-area';
import { computeGridLayout, computeSpotlightLayout, type StageArea } from './tile-layout';

/** jsdom has no layout, so the rectangle is given. */
function element(rect: Partial<DOMRect>, ...children: HTMLElement[]): HTMLElement {
  const div = document.createElement('div');
  div.getBoundingClientRect = () => rect as DOMRect;
  div.append(...children);
  return div;
}

describe('CoveredArea', () => {
  const floor = element({ bottom: 800 });
  const bar = element({ width: 360 });

  it('grows while the controls show a notice', () => {
    expect(measureCoveredArea(element({ top: 728 }, bar), floor)).toEqual({ height: 76, side: 180 });
    const notice = element({ width: 372 });
    expect(measureCoveredArea(element({ top: 692 }, notice, bar), floor)).toEqual({ height: 112, side: 186 });
  });

  it('is empty before the controls are on the stage', () => {
    expect(measureCoveredArea(element({ top: 900 }), floor)).toEqual({ height: 0, side: 0 });
  });

  it('covers names that are low and near the middle', () => {
    const size = { width: 1000, height: 800 };
    const covered = { height: 76, side: 180 };
    const name = (x: number, y: number): boolean => isNameCovered({ x, y, width: 300, height: 400 }, size, covered);
    expect(name(400, 400)).toBe(true);
    expect(name(400, 300)).toBe(false);
    expect(name(0, 400)).toBe(false);
    expect(name(700, 400)).toBe(false);
    expect(isNameCovered({ x: 400, y: 300, width: 300, height: 400 }, size, { ...covered, height: 112 })).toBe(true);
  });

  it('is left free by low tiles only', () => {
    const covered = { height: 80, side: 240 };
    const lowest = (count: number, stage: StageArea): number =>
      Math.max(
        ...layoutClearOfControls(covered, stage, (free) => computeGridLayout(count, free)).map(
          ({ y, height }) => y + height,
        ),
      );
    const wide = { width: 640, height: 740, gap: 8 };
    expect(lowest(3, wide)).toBe(660);
    expect(lowest(1, { width: 390, height: 300, gap: 8 })).toBe(220);
    expect(lowest(2, { width: 390, height: 780, gap: 8 })).toBe(780);
    const strip = layoutClearOfControls(covered, { width: 1280, height: 740, gap: 8 }, (free) =>
      computeSpotlightLayout(4, free),
    );
    const [large] = strip;
    expect((large?.y ?? 0) + (large?.height ?? 0)).toBe(740);
  });
});
