import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const scss = readFileSync(join(process.cwd(), 'apps/web/src/styles/_tokens.scss'), 'utf8');

/** @returns the hex colours that a mixin sets */
function colours(mixin: string): Record<string, string> {
  const [, body = ''] = new RegExp(`@mixin ${mixin} \\{([^}]*)\\}`).exec(scss) ?? [];
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]));
}

/** Relative luminance, WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => {
    const value = parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const shared = colours('shared');
const inks = Array.from({ length: 12 }, (_, hue) => `person-ink-${hue}`);
const grounds = ['ground', 'surface', 'raised', 'hover'];
/** Every text colour with the backgrounds it may be used on. */
const pairs: [string, string[]][] = [
  ['text', [...grounds, 'accent-soft', 'accent-soft-hover']],
  ['muted', [...grounds, 'accent-soft']],
  ['accent', [...grounds, 'accent-soft', 'accent-soft-hover']],
  ['good', [...grounds, 'good-soft']],
  ['warn', [...grounds, 'warn-soft']],
  ['danger', [...grounds, 'danger-soft']],
  ['on-accent', ['accent', 'accent-hover']],
  ['on-danger', ['danger', 'danger-hover']],
  ...inks.map((ink): [string, string[]] => [ink, grounds]),
];

describe.each(['light', 'dark'])('%s colours', (theme) => {
  const set = colours(theme);
  const of = (name: string): string => set[name] ?? `${name} is missing`;

  it.each(pairs.flatMap(([text, places]) => places.map((place) => [text, place])))(
    '%s on %s is readable',
    (text, place) => {
      expect(contrast(of(text), of(place))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(grounds)('lines of controls can be seen on %s', (place) => {
    expect(contrast(of('control-line'), of(place))).toBeGreaterThanOrEqual(3);
  });
});

describe('colours of people', () => {
  it.each(inks.map((_, hue) => `person-${hue}`))('white letters on %s are readable', (name) => {
    expect(contrast(shared['on-person'] ?? '', shared[name] ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['text', 'muted', 'accent', 'danger', ...inks])('%s is readable on the stage', (name) => {
    expect(contrast(colours('dark')[name] ?? '', shared['stage'] ?? '')).toBeGreaterThanOrEqual(4.5);
  });
});

it('both themes set the same names', () => {
  expect(Object.keys(colours('dark'))).toEqual(Object.keys(colours('light')));
});
