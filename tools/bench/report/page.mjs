/** Reads and writes docs/benchmarks.md: `npm run lab` writes one section of it, `npm run bench` all others. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { root } from '../../bootstrap.mjs';

const file = path.join(root, 'docs/benchmarks.md');
const begin = '<!-- From here on written by `npm run lab`. -->';
const end = '<!-- Up to here written by `npm run lab`. -->';

/** @returns a description of this machine; `load` is the load average before the measurements. */
export function machine(load = loadavg()[0]) {
  const [cpu] = cpus();
  const parts = [
    `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB of memory`,
    `Node ${process.versions.node}, ${process.platform}`,
  ];
  return `on ${new Date().toISOString().slice(0, 10)}: ${parts.join(', ')}; load average before it ${load.toFixed(1)}`;
}

export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function read() {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has lost the marks around what npm run lab writes`);
  return { bench: text.slice(0, from).trimEnd(), lab: text.slice(from + begin.length, to).trim() };
}

const write = ({ bench, lab }) => writeFileSync(file, `${bench}\n\n${begin}\n\n${lab}\n\n${end}\n`);

/** Writes the sections of `npm run bench`. */
export const writeBench = (text) => write({ ...read(), bench: text.trimEnd() });

/** Writes the section of `npm run lab`. */
export const writeLab = (text) => write({ ...read(), lab: text.trim() });
