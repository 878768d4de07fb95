import type { TileSizes } from '@webcall/rtc';
import type { TileModel } from './stage-tiles';
import type { TileRect } from './tile-layout';

/** Shape of most camera pictures. A wider tile cuts off some of their height, so more lines are needed. */
const CAMERA_RATIO = 16 / 9;

/**
 * Computes how tall the pictures of other participants are shown, by participant id.
 * @param density pixels of the screen in each CSS pixel
 */
export function computeTileSizes(
  placed: readonly { tile: TileModel; rect: TileRect }[],
  density: number,
): ReadonlyMap<string, TileSizes> {
  const sizes = new Map<string, TileSizes>();
  for (const { tile, rect } of placed) {
    if (tile.self) continue;
    const before = sizes.get(tile.participantId) ?? { camera: 0, screen: 0 };
    const kind = tile.kind === 'screen' ? 'screen' : 'camera';
    const height = kind === 'screen' ? rect.height : Math.max(rect.height, rect.width / CAMERA_RATIO);
    sizes.set(tile.participantId, { ...before, [kind]: Math.round(height * density) });
  }
  return sizes;
}
