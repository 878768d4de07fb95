import { appendFileSync } from 'node:fs';

/** Repeated measurements of the same fault, in ms. */
export interface Series {
  what: string;
  values: readonly number[];
  goal: number;
}

/** The 95th percentile; of 20 values the second highest. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? NaN;
}

/** Prints measurements as a table; `LAB_TABLES` names a file that collects the tables. */
export function print(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const lines = [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  const table = lines.join('\n');
  process.stdout.write(`\n${title}\n\n${table}\n\n`);
  const file = process.env['LAB_TABLES'];
  if (file) appendFileSync(file, `### ${title}\n\n${table}\n\n`);
}

/** Prints series of measurements with their goals. */
export function printSeries(title: string, all: readonly Series[]): void {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  print(
    title,
    ['fault', 'times', 'least', 'median', '95 %', 'most', 'goal'],
    all.map(({ what, values, goal }) => {
      const sorted = [...values].sort((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
      const figures = [sorted[0] ?? NaN, median, p95(values), sorted.at(-1) ?? NaN];
      return [what, values.length, ...figures.map(seconds), `≤ ${seconds(goal)}`];
    }),
  );
}
