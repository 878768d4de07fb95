import type { TileModel } from './stage-tiles';
import { computeTileSizes } from './tile-sizes';

const tile = (participantId: string, kind: TileModel['kind'], self = false) =>
  ({ key: `${kind} ${participantId}`, kind, participantId, self }) as TileModel;
const rect = (width: number, height: number) => ({ x: 0, y: 0, width, height });

describe('computeTileSizes', () => {
  it('computes the picture lines needed from each other participant', () => {
    const placed = [
      { tile: tile('a', 'screen'), rect: rect(800, 600) },
      { tile: tile('a', 'person'), rect: rect(160, 120) },
      { tile: tile('b', 'person'), rect: rect(160, 90) },
      { tile: tile('me', 'person', true), rect: rect(160, 90) },
    ];
    expect([...computeTileSizes(placed, 2)]).toEqual([
      ['a', { screen: 1200, camera: 240 }],
      ['b', { screen: 0, camera: 180 }],
    ]);
  });

  it('needs more lines where a wide tile cuts the picture off above and below', () => {
    expect(computeTileSizes([{ tile: tile('a', 'person'), rect: rect(640, 200) }], 1).get('a')?.camera).toBe(360);
  });
});
