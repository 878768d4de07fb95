import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { logOutput } from './log-output';

const linux = process.platform === 'linux' ? it : it.skip;

let folder: string;
const said: string[] = [];
const say = (sentence: string): number => said.push(sentence);

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'webcall-log-'))));
afterEach(() => {
  said.length = 0;
  rmSync(folder, { recursive: true });
});

linux('says once that the log cannot be written, drops what comes then, and goes on', () => {
  const fd = fs.openSync('/dev/full', 'w');
  const output = logOutput(say, fd);
  for (let i = 0; i < 100; i++) output.write(`lost ${i}\n`);
  expect(said).toEqual([expect.stringMatching(/^The log cannot be written for now: ENOSPC/)]);
  // The same number is a file with space from now on.
  fs.closeSync(fd);
  expect(fs.openSync(path.join(folder, 'log'), 'w')).toBe(fd);
  output.write('kept\n');
  output.write('kept, too\n');
  expect(said.slice(1)).toEqual(['The log is written again.']);
  expect(readFileSync(path.join(folder, 'log'), 'utf8')).toBe('\nkept\nkept, too\n');
  fs.closeSync(fd);
});
