import { Scope } from '@webcall/base';
import { TileRequest, type TileSizes } from './tile-request';

describe('TileRequest', () => {
  let scope: Scope;
  let sent: TileSizes[];
  let request: TileRequest;

  beforeEach(() => {
    jest.useFakeTimers();
    scope = new Scope();
    sent = [];
    request = new TileRequest(scope, (sizes) => void sent.push(sizes));
  });
  afterEach(() => {
    scope.closeScope();
    jest.useRealTimers();
  });

  it('sends larger sizes at once, in steps', () => {
    request.setWantedSizes({ camera: 181, screen: 0 });
    request.setWantedSizes({ camera: 200, screen: 0 });
    request.setWantedSizes({ camera: 300, screen: 700 });
    expect(sent).toEqual([
      { camera: 270, screen: 0 },
      { camera: 360, screen: 720 },
    ]);
  });

  it('sends smaller sizes a little later, unless they have grown again by then', () => {
    request.setWantedSizes({ camera: 700, screen: 0 });
    request.setWantedSizes({ camera: 100, screen: 0 });
    jest.advanceTimersByTime(900);
    request.setWantedSizes({ camera: 700, screen: 0 });
    jest.advanceTimersByTime(5000);
    expect(sent).toHaveLength(1);
    request.setWantedSizes({ camera: 0, screen: 0 });
    jest.advanceTimersByTime(1000);
    expect(sent.at(-1)).toEqual({ camera: 0, screen: 0 });
    expect(request.announcedSizes).toEqual({ camera: 0, screen: 0 });
  });

  it('sends a first size of 0 too', () => {
    request.setWantedSizes({ camera: 0, screen: 0 });
    jest.advanceTimersByTime(1000);
    expect(sent).toEqual([{ camera: 0, screen: 0 }]);
  });
});
