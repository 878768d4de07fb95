import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openFolder } from './launcher';

const mount = (folder: string, megabytes: number): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=711`, 'tmpfs', folder], {
    stdio: 'ignore',
  });
const unmount = (folder: string): void => void execFileSync('umount', ['-l', folder], { stdio: 'ignore' });

/** Tries to create a small disk: it needs Linux and root, and many containers do not allow it even to root. */
function maySmallDisks(): boolean {
  const folder = openFolder();
  try {
    mount(folder, 1);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Declares tests that need a separate disk: where none can be created, they are reported as skipped. */
export const describeWithSmallDisk = maySmallDisks() ? describe : describe.skip;

/** A disk for one test that can be filled to the last byte. */
export class SmallDisk {
  readonly folder = path.join(openFolder(), 'disk');
  private readonly ballast = path.join(this.folder, 'ballast');

  constructor(megabytes: number) {
    mkdirSync(this.folder);
    mount(this.folder, megabytes);
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
    unmount(this.folder);
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
