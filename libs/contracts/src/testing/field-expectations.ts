/** The values that a field of a DTO accepts and refuses. The first of `takes` is used while another field is tested. */
export interface FieldExpectation {
  readonly takes: readonly unknown[];
  readonly refuses: readonly unknown[];
  readonly optional?: boolean;
  /** The value after parsing; without it, the value that was sent. */
  readonly becomes?: (taken: unknown) => unknown;
}

const NON_TEXTS: unknown[] = [
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
const NON_NUMBERS: unknown[] = [
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
const NON_BOOLEANS: unknown[] = [0, 1, 'true', 'false', '', 'on', {}, [], [true], NaN];
const NON_OBJECTS: unknown[] = ['', 'x', '{}', 0, 7, true, false, [], [{}], [[]], NaN];

export const SAMPLE_UUID = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
const SAMPLE_UUID_V7 = '0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e';
const NON_UUIDS: unknown[] = [
  '',
  ' ',
  'me',
  `${SAMPLE_UUID} `,
  `${SAMPLE_UUID}\n`,
  `${SAMPLE_UUID}${SAMPLE_UUID}`,
  `{${SAMPLE_UUID}}`,
  SAMPLE_UUID.slice(1),
  SAMPLE_UUID.replaceAll('-', ''),
  SAMPLE_UUID.replace('6', 'g'),
  `${SAMPLE_UUID}' OR 1=1`,
  [SAMPLE_UUID],
  { id: SAMPLE_UUID },
];

/** The same field, but optional. */
export const optionalField = (field: FieldExpectation): FieldExpectation => ({ ...field, optional: true });

/** A text of `min` to `max` code units, with `more` values of its other rules. */
export function textField(min: number, max: number, more: Partial<FieldExpectation> = {}): FieldExpectation {
  const of = (length: number) => 'x'.repeat(length);
  return {
    takes: [...(more.takes ?? []), of(min), of(max)],
    refuses: [
      ...(min > 0 ? [of(min - 1)] : []),
      of(max + 1),
      emojiText(max + 3),
      ...NON_TEXTS,
      ...(more.refuses ?? []),
    ],
  };
}

/** A text with few visible characters, but at least `units` code units. */
const emojiText = (units: number) => '👍\uFE0F'.repeat(Math.ceil(units / 3));

/** A text that must match a pattern. */
export const patternField = (takes: readonly string[], refuses: readonly unknown[]): FieldExpectation => ({
  takes,
  refuses: ['', ...refuses, ...NON_TEXTS],
});

/** `min` to `max` bytes in base64url. */
export function base64UrlField(min: number, max: number): FieldExpectation {
  // Zeros: every bit that stands for nothing is zero, too.
  const of = (bytes: number) => 'A'.repeat(Math.ceil((bytes * 4) / 3));
  return {
    takes: [of(min), of(max), `_-${of(max).slice(2)}`],
    refuses: [
      ...(min > 0 ? [of(min - 1)] : []),
      of(max + 1),
      `${of(max)}=`,
      `${of(max)} `,
      `${of(max)}\n`,
      `+${of(max).slice(1)}`,
      `/${of(max).slice(1)}`,
      ...NON_TEXTS,
    ],
  };
}

export const uuidField: FieldExpectation = {
  takes: [SAMPLE_UUID, SAMPLE_UUID_V7, SAMPLE_UUID.toUpperCase()],
  refuses: [...NON_UUIDS, ...NON_TEXTS],
};

export const booleanField: FieldExpectation = { takes: [true, false], refuses: NON_BOOLEANS };

/** A whole number in JSON. */
export const wholeNumberField = (min: number, max: number): FieldExpectation => ({
  takes: [min, max],
  refuses: [min - 1, max + 1, ...BROKEN_NUMBERS, ...NON_NUMBERS, String(min)],
});

/** A whole number in a query string. */
export const queryNumberField = (min: number, max: number): FieldExpectation => ({
  takes: [String(min), String(max), `0${min}`, min],
  refuses: [String(min - 1), String(max + 1), ...BROKEN_NUMBERS.map(String), ...BROKEN_NUMBERS, ...NON_NUMBERS],
  becomes: Number,
});

export const choiceField = (values: readonly string[], others: readonly unknown[] = []): FieldExpectation => ({
  takes: values,
  refuses: ['', 'nonsense', `${values[0]} `, `x${values[0]}`, [values[0]], ...others, ...NON_TEXTS],
});

/** An object of another DTO, which has a table of its own. */
export const nestedField = (takes: readonly object[], refuses: readonly object[]): FieldExpectation => ({
  takes,
  refuses: [...refuses, ...NON_OBJECTS],
});

/** A list of `min` to `max` items. */
export function listField(item: FieldExpectation, min: number, max: number): FieldExpectation {
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
      ...NON_OBJECTS.filter((value) => !Array.isArray(value)),
    ],
  };
}
