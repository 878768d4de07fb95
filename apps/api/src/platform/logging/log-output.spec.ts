import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogOutput } from './log-output';

const linux = process.platform === 'linux' ? it : it.skip;

let folder: string;
const reports: string[] = [];
const report = (sentence: string): number => reports.push(sentence);

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'webcall-log-'))));
afterEach(() => {
  reports.length = 0;
  rmSync(folder, { recursive: true });
});

linux('reports once that the log cannot be written, drops lines meanwhile, and goes on when it can write again', () => {
  const fd = fs.openSync('/dev/full', 'w');
  const output = createLogOutput(report, fd);
  for (let i = 0; i < 100; i++) output.write(`lost ${i}\n`);
  expect(reports).toEqual([expect.stringMatching(/^The log cannot be written for now: ENOSPC/)]);
  // From now on the same descriptor is a file on a disk with free space.
  fs.closeSync(fd);
  expect(fs.openSync(path.join(folder, 'log'), 'w')).toBe(fd);
  output.write('kept\n');
  output.write('kept, too\n');
  expect(reports.slice(1)).toEqual(['The log is written again.']);
  expect(readFileSync(path.join(folder, 'log'), 'utf8')).toBe('\nkept\nkept, too\n');
  fs.closeSync(fd);
});
