import { Alarm, type Scope } from '@webcall/base';

/** How tall a participant's pictures are shown, in pixels of the screen; 0: not at all. */
export interface TileSizes {
  camera: number;
  screen: number;
}

/** Sizes are told in these steps, so that a moving window does not ask for a new picture with each pixel. */
const STEPS = [0, 90, 180, 270, 360, 540, 720, 1080, 1440, 2160];
/** A tile that shrinks may grow again: what is less waits this long, what is more does not. */
const SHRINK_MS = 1000;

/** Passes on the sizes at which a participant is shown: more at once, less a little later. */
export class TileRequest {
  private wanted: TileSizes | null = null;
  private told: TileSizes | null = null;
  private readonly shrinking: Alarm;

  constructor(
    scope: Scope,
    private readonly tell: (sizes: TileSizes) => void,
  ) {
    this.shrinking = new Alarm(scope, () => this.pass());
  }

  /** What the other side was told; null: nothing yet, so it sends all it has. */
  get current(): TileSizes | null {
    return this.told;
  }

  /** The sizes as they are now. */
  set(sizes: TileSizes): void {
    this.wanted = { camera: step(sizes.camera), screen: step(sizes.screen) };
    const { camera, screen } = this.told ?? { camera: 0, screen: 0 };
    if (this.wanted.camera > camera || this.wanted.screen > screen) this.pass();
    else if (!this.told || this.wanted.camera < camera || this.wanted.screen < screen) this.shrinking.set(SHRINK_MS);
    else this.shrinking.stop();
  }

  private pass(): void {
    this.shrinking.stop();
    if (!this.wanted) return;
    this.told = this.wanted;
    this.tell(this.wanted);
  }
}

/** @returns the smallest step that is not below the height */
function step(height: number): number {
  return STEPS.find((candidate) => height <= candidate) ?? STEPS.at(-1) ?? 0;
}
