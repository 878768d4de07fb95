/** Figures of our server compared with those of a bare one, from alternating rounds, and their summary. */

/** Whether this run only tries whether the benchmarks work: with small counts, on any machine, writing nothing. */
export const trying = process.env.BENCH_TRY === '1';

/** @returns the count of this run: in a try a tenth */
export const counted = (count) => (trying ? Math.ceil(count / 10) : count);

/** @returns the value in the middle; of two, the higher one */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const number = (value, digits = 0) => value.toFixed(digits);

/**
 * Summarizes the rounds of one figure.
 * @param figure each of its `rounds` is `{ ours, bare }`; `of` reduces the values of all rounds to one, by default to
 * the median; `goal` is `{ most }` or `{ least }`, for the ratio, or for our own value if it has a `unit`
 */
function summarize({ rounds, of = median, goal }) {
  const ratios = rounds.map(({ ours, bare }) => ours / bare);
  const [ours, bare] = ['ours', 'bare'].map((side) => of(rounds.map((round) => round[side])));
  const ratio = median(ratios);
  const measured = goal?.unit ? ours : ratio;
  const kept = !goal || (goal.most === undefined ? measured >= goal.least : measured <= goal.most);
  return { ours, bare, ratio, least: Math.min(...ratios), most: Math.max(...ratios), kept };
}

/** @returns whether the goal is kept, or there is none */
export const kept = (figure) => summarize(figure).kept;

/** @returns the cells of the figure's row: what, ours, bare, the ratio with its spread, the goal */
export function cells(figure) {
  const { what, unit = '', digits, goal } = figure;
  const { ours, bare, ratio, least, most, kept: reached } = summarize(figure);
  const value = (each) => `${number(each, digits)}${unit && ` ${unit}`}`;
  const spread = `${number(ratio, 2)} × (${number(least, 2)}–${number(most, 2)})`;
  return [what, value(ours), value(bare), spread, goal ? `${goalText(goal)}${reached ? '' : ' — **missed**'}` : ''];
}

function goalText({ most, least, unit = '×' }) {
  return most === undefined ? `at least ${least} ${unit}` : `at most ${most.toLocaleString('en-US')} ${unit}`;
}
