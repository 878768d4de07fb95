import { clearOf, coveredBy, isNameCovered } from './covered';
import { gridLayout, spotlightLayout, type Stage } from './grid-layout';

/** jsdom lays nothing out. */
function element(rect: Partial<DOMRect>, ...children: HTMLElement[]): HTMLElement {
  const it = document.createElement('div');
  it.getBoundingClientRect = () => rect as DOMRect;
  it.append(...children);
  return it;
}

describe('what the controls cover', () => {
  const floor = element({ bottom: 800 });
  const bar = element({ width: 360 });

  it('is more while they show a notice', () => {
    expect(coveredBy(element({ top: 728 }, bar), floor)).toEqual({ height: 76, side: 180 });
    const notice = element({ width: 372 });
    expect(coveredBy(element({ top: 692 }, notice, bar), floor)).toEqual({ height: 112, side: 186 });
  });

  it('is nothing before they are there', () => {
    expect(coveredBy(element({ top: 900 }), floor)).toEqual({ height: 0, side: 0 });
  });

  it('hides names that are low and near the middle', () => {
    const size = { width: 1000, height: 800 };
    const covered = { height: 76, side: 180 };
    const name = (x: number, y: number): boolean => isNameCovered({ x, y, width: 300, height: 400 }, size, covered);
    expect(name(400, 400)).toBe(true);
    expect(name(400, 300)).toBe(false);
    expect(name(0, 400)).toBe(false);
    expect(name(700, 400)).toBe(false);
    expect(isNameCovered({ x: 400, y: 300, width: 300, height: 400 }, size, { ...covered, height: 112 })).toBe(true);
  });

  it('is left free by low tiles, and by no others', () => {
    const covered = { height: 80, side: 240 };
    const lowest = (count: number, stage: Stage): number =>
      Math.max(...clearOf(covered, stage, (free) => gridLayout(count, free)).map(({ y, height }) => y + height));
    const beside = { width: 640, height: 740, gap: 8 };
    expect(lowest(3, beside)).toBe(660);
    expect(lowest(1, { width: 390, height: 300, gap: 8 })).toBe(220);
    expect(lowest(2, { width: 390, height: 780, gap: 8 })).toBe(780);
    const strip = clearOf(covered, { width: 1280, height: 740, gap: 8 }, (free) => spotlightLayout(4, free));
    expect(strip[0]).toMatchObject({ height: 740 });
  });
});
