import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openFolder } from './launcher';

const maySmallDisks = process.platform === 'linux' && process.getuid?.() === 0;

/** Declares tests that need a disk of their own: only root on Linux can make one, which the report says. */
export const describeWithSmallDisk = maySmallDisks ? describe : describe.skip;

/** A disk of a test's own that can be filled to the last byte. */
export class SmallDisk {
  readonly folder = path.join(openFolder(), 'disk');
  private readonly ballast = path.join(this.folder, 'ballast');

  constructor(megabytes: number) {
    mkdirSync(this.folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=711`, 'tmpfs', this.folder]);
  }

  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (const chunk of [1 << 20, 4096]) this.append(file, Buffer.alloc(chunk));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(path.dirname(this.folder), { recursive: true });
  }

  private append(file: number, bytes: Buffer): void {
    try {
      for (;;) writeSync(file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
