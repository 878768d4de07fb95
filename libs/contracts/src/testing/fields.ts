/** What a field of a DTO takes and refuses. The first of `takes` stands for it where another field is looked at. */
export interface Field {
  readonly takes: readonly unknown[];
  readonly refuses: readonly unknown[];
  readonly optional?: boolean;
  /** What comes out for what was taken; without it, what went in. */
  readonly becomes?: (taken: unknown) => unknown;
}

const NO_TEXTS: unknown[] = [
  0,
  7,
  -1,
  1.5,
  NaN,
  Infinity,
  true,
  false,
  {},
  [],
  [''],
  ['a'],
  { length: 5 },
  { toString: 'a' },
];
const NO_NUMBERS: unknown[] = [
  '',
  ' ',
  '1e1',
  '0x10',
  '1.0',
  ' 5',
  '+5',
  'NaN',
  true,
  false,
  {},
  [],
  [5],
  ['5'],
  { valueOf: 5 },
];
const BROKEN_NUMBERS = [NaN, Infinity, -Infinity, 1.5, -1, 1e300, Number.MAX_SAFE_INTEGER + 1];
const NO_FLAGS: unknown[] = [0, 1, 'true', 'false', '', 'on', {}, [], [true], NaN];
const NO_OBJECTS: unknown[] = ['', 'x', '{}', 0, 7, true, false, [], [{}], [[]], NaN];

export const UUID = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
const UUID_V7 = '0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e';
const NO_UUIDS: unknown[] = [
  '',
  ' ',
  'me',
  `${UUID} `,
  `${UUID}\n`,
  `${UUID}${UUID}`,
  `{${UUID}}`,
  UUID.slice(1),
  UUID.replaceAll('-', ''),
  UUID.replace('6', 'g'),
  `${UUID}' OR 1=1`,
  [UUID],
  { id: UUID },
];

/** The same field, which may be missing. */
export const optional = (field: Field): Field => ({ ...field, optional: true });

/** A text of a length, and what more its rules say. */
export function text(min: number, max: number, more: Partial<Field> = {}): Field {
  const of = (length: number) => 'x'.repeat(length);
  return {
    takes: [...(more.takes ?? []), of(min), of(max)],
    refuses: [...(min > 0 ? [of(min - 1)] : []), of(max + 1), emojis(max + 3), ...NO_TEXTS, ...(more.refuses ?? [])],
  };
}

/** Few characters to the eye, `units` and more to a store. */
const emojis = (units: number) => '👍\uFE0F'.repeat(Math.ceil(units / 3));

/** A text that a pattern decides about. */
export const pattern = (takes: readonly string[], refuses: readonly unknown[]): Field => ({
  takes,
  refuses: ['', ...refuses, ...NO_TEXTS],
});

export const uuid: Field = { takes: [UUID, UUID_V7, UUID.toUpperCase()], refuses: [...NO_UUIDS, ...NO_TEXTS] };

export const flag: Field = { takes: [true, false], refuses: NO_FLAGS };

/** A whole number as JSON has it. */
export const whole = (min: number, max: number): Field => ({
  takes: [min, max],
  refuses: [min - 1, max + 1, ...BROKEN_NUMBERS, ...NO_NUMBERS, String(min)],
});

/** A whole number as a query string has it. */
export const queried = (min: number, max: number): Field => ({
  takes: [String(min), String(max), `0${min}`, min],
  refuses: [String(min - 1), String(max + 1), ...BROKEN_NUMBERS.map(String), ...BROKEN_NUMBERS, ...NO_NUMBERS],
  becomes: Number,
});

export const oneOf = (values: readonly string[], others: readonly unknown[] = []): Field => ({
  takes: values,
  refuses: ['', 'nonsense', `${values[0]} `, `x${values[0]}`, [values[0]], ...others, ...NO_TEXTS],
});

/** An object of another DTO, whose own table says what it takes. */
export const nested = (takes: readonly object[], refuses: readonly object[]): Field => ({
  takes,
  refuses: [...refuses, ...NO_OBJECTS],
});

/** A list of `min` to `max` of what `item` takes. */
export function list(item: Field, min: number, max: number): Field {
  const of = (length: number) => Array.from({ length }, () => item.takes[0]);
  return {
    takes: [of(Math.max(min, 1)), of(min), of(max), [item.takes.at(-1)]],
    refuses: [
      ...(min > 0 ? [of(min - 1)] : []),
      of(max + 1),
      ...item.refuses.map((wrong) => [wrong]),
      [item.takes[0], null],
      item.takes[0],
      { 0: item.takes[0], length: 1 },
      ...NO_OBJECTS.filter((value) => !Array.isArray(value)),
    ],
  };
}
