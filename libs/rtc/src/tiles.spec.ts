import { Scope } from '@webcall/base';
import { TileRequest, type TileSizes } from './tiles';

describe('TileRequest', () => {
  let scope: Scope;
  let told: TileSizes[];
  let request: TileRequest;

  beforeEach(() => {
    jest.useFakeTimers();
    scope = new Scope();
    told = [];
    request = new TileRequest(scope, (sizes) => void told.push(sizes));
  });
  afterEach(() => {
    scope.close();
    jest.useRealTimers();
  });

  it('tells at once what grows, in steps', () => {
    request.set({ camera: 181, screen: 0 });
    request.set({ camera: 200, screen: 0 });
    request.set({ camera: 300, screen: 700 });
    expect(told).toEqual([
      { camera: 270, screen: 0 },
      { camera: 360, screen: 720 },
    ]);
  });

  it('tells a little later what shrinks, and not what has grown again by then', () => {
    request.set({ camera: 700, screen: 0 });
    request.set({ camera: 100, screen: 0 });
    jest.advanceTimersByTime(900);
    request.set({ camera: 700, screen: 0 });
    jest.advanceTimersByTime(5000);
    expect(told).toHaveLength(1);
    request.set({ camera: 0, screen: 0 });
    jest.advanceTimersByTime(1000);
    expect(told.at(-1)).toEqual({ camera: 0, screen: 0 });
    expect(request.current).toEqual({ camera: 0, screen: 0 });
  });

  it('tells also a first size of nothing', () => {
    request.set({ camera: 0, screen: 0 });
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([{ camera: 0, screen: 0 }]);
  });
});
