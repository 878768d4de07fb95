import type { TileSizes } from '@webcall/rtc';
import type { Rect } from './grid-layout';
import type { TileModel } from './tiles';

/** The shape of most cameras' pictures: a wider tile cuts off some of their height, so that more lines are needed. */
const CAMERA = 16 / 9;

/**
 * How tall the others are shown, by participant.
 * @param density pixels of the screen in each CSS pixel
 */
export function shownSizes(
  placed: readonly { tile: TileModel; rect: Rect }[],
  density: number,
): ReadonlyMap<string, TileSizes> {
  const sizes = new Map<string, TileSizes>();
  for (const { tile, rect } of placed) {
    if (tile.self) continue;
    const before = sizes.get(tile.participantId) ?? { camera: 0, screen: 0 };
    const kind = tile.kind === 'screen' ? 'screen' : 'camera';
    const height = kind === 'screen' ? rect.height : Math.max(rect.height, rect.width / CAMERA);
    sizes.set(tile.participantId, { ...before, [kind]: Math.round(height * density) });
  }
  return sizes;
}
