/** Figures of ours beside those of a bare side: of rounds that alternate, with what they say when they are taken together. */

/** A try sees that a benchmark works: it counts little, on whatever machine, and writes nothing. */
export const trying = process.env.BENCH_TRY === '1';

/** @returns how many of something are counted */
export const counted = (count) => (trying ? Math.ceil(count / 10) : count);

/** @returns the value in the middle; of two, the higher one */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const number = (value, digits = 0) => value.toFixed(digits);

/**
 * What the rounds of one figure say.
 * @param figure `rounds` are `{ ours, bare }` each; `of` makes one value of those of all rounds, the median unless a
 * goal is about the worst; `goal` is `{ most }` or `{ least }`, of the ratio, or of our own value where it has a `unit`
 */
function taken({ rounds, of = median, goal }) {
  const ratios = rounds.map(({ ours, bare }) => ours / bare);
  const [ours, bare] = ['ours', 'bare'].map((side) => of(rounds.map((round) => round[side])));
  const ratio = median(ratios);
  const held = goal?.unit ? ours : ratio;
  const kept = !goal || (goal.most === undefined ? held >= goal.least : held <= goal.most);
  return { ours, bare, ratio, least: Math.min(...ratios), most: Math.max(...ratios), kept };
}

/** @returns whether the goal is kept, or there is none */
export const kept = (figure) => taken(figure).kept;

/** @returns the cells of its row: what, ours, bare, the ratio with its spread, the goal */
export function cells(figure) {
  const { what, unit = '', digits, goal } = figure;
  const { ours, bare, ratio, least, most, kept: well } = taken(figure);
  const value = (each) => `${number(each, digits)}${unit && ` ${unit}`}`;
  const spread = `${number(ratio, 2)} × (${number(least, 2)}–${number(most, 2)})`;
  return [what, value(ours), value(bare), spread, goal ? `${words(goal)}${well ? '' : ' — **missed**'}` : ''];
}

function words({ most, least, unit = '×' }) {
  return most === undefined ? `at least ${least} ${unit}` : `at most ${most.toLocaleString('en-US')} ${unit}`;
}
