import { OneShotTimer, type Scope } from '@webcall/base';

/** How tall a participant's pictures are shown, in pixels of the screen; 0: not at all. */
export interface TileSizes {
  camera: number;
  screen: number;
}

/** Sizes are sent in these steps, so that resizing a window does not request a new picture with each pixel. */
const TILE_HEIGHT_STEPS = [0, 90, 180, 270, 360, 540, 720, 1080, 1440, 2160];
/** How long smaller sizes wait before they are sent, because a tile that shrinks may grow again. */
const SHRINK_MS = 1000;

/** Sends the sizes at which a participant is shown: larger ones at once, smaller ones a little later. */
export class TileRequest {
  private wanted: TileSizes | null = null;
  private sent: TileSizes | null = null;
  private readonly shrinking: OneShotTimer;

  constructor(
    scope: Scope,
    private readonly send: (sizes: TileSizes) => void,
  ) {
    this.shrinking = new OneShotTimer(scope, () => this.sendWantedSizes());
  }

  /** The sizes that were sent last; null: none yet, so the other side sends full pictures. */
  get announcedSizes(): TileSizes | null {
    return this.sent;
  }

  /** Sets the sizes at which the participant is shown now. */
  setWantedSizes(sizes: TileSizes): void {
    this.wanted = { camera: roundUpToHeightStep(sizes.camera), screen: roundUpToHeightStep(sizes.screen) };
    const { camera, screen } = this.sent ?? { camera: 0, screen: 0 };
    if (this.wanted.camera > camera || this.wanted.screen > screen) this.sendWantedSizes();
    else if (!this.sent || this.wanted.camera < camera || this.wanted.screen < screen)
      this.shrinking.scheduleIfIdle(SHRINK_MS);
    else this.shrinking.cancelTimer();
  }

  private sendWantedSizes(): void {
    this.shrinking.cancelTimer();
    if (!this.wanted) return;
    this.sent = this.wanted;
    this.send(this.wanted);
  }
}

/** @returns the smallest step that is not below the height, or the largest step */
function roundUpToHeightStep(height: number): number {
  return TILE_HEIGHT_STEPS.find((candidate) => height <= candidate) ?? TILE_HEIGHT_STEPS.at(-1) ?? 0;
}
