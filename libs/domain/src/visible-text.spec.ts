import fc from 'fast-check';
import { toNameLook } from './name-look';
import { cleanMessageText, isVisibleName, isVisibleText, MAX_MARKS_ON_LETTER } from './visible-text';

const marks = (count: number) => '\u0301'.repeat(count);

/** What people write, in names as in messages. */
const VISIBLE = [
  ...['Kitchen', 'Кухня №1', '…', '日本', 'İ', 'a'.repeat(100), '5', '<b>', '\u{F0000}', 'Anna-Lena (Köln)', 'שָׁלוֹם'],
  ...[
    '❤️',
    '👨\u200D👩\u200D👧 family',
    '🏳️\u200D🌈',
    '🏴\u200D☠️',
    '👩🏽\u200D💻',
    '1️⃣',
    '☎︎',
    '🇩🇪',
    '🧑🏿\u200D🤝\u200D🧑🏻',
    '❤️\u200D🔥',
  ],
  // The flag of Scotland, an emoji of a later version of Unicode, and a letter with as many marks as there may be.
  ...['🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}', '\u{1FAFF}', `a${marks(MAX_MARKS_ON_LETTER)}bc`],
  ...[
    'علی\u200Cرضا',
    'می\u200Cخواهم',
    'مُ\u200Cب',
    'ශ්\u200Dරී',
    'ന്\u200D',
    'क्\u200Dष',
    'র\u200D্য',
    'সফ্\u200Cট',
    'ཧྐྵྨླྺྼྻྂ',
    'Việt'.normalize('NFD'),
  ],
];

/** Nothing to see, or too much. */
const UNSEEN = [
  ...['', ' ', '\n\t', '\u00A0', '\u3000', '\u2028', '\u200B', '\u3164', '\u2800', '\u2060', '\u202E', '\u00AD'],
  ...['\u034F', '\uFE0F', '\uFFA0', '\u115F', '\u180E', '\u061C', '\uFEFF', '\u200D\uFE0F', '\u200C', '\u{E0061}'],
  ...['\u0301', '\u2066\u2069', '\uFFFC', '\u{1D159}', '\u{13441}', ' \u200B\u3164\u2800\u2060\u202E\u00AD '],
];
const UNSENDABLE = [
  ...['a\0b', 'a\u0001b', 'a\u001B[31mb', 'a\u007Fb', 'a\u0085b', 'a\uD800b', '\uDC00a', 'a\bb', 'a\fb', '\0'],
  ...[`a${marks(MAX_MARKS_ON_LETTER + 1)}`, `a${marks(1200)}b`, marks(1200), `\u05D0${'\u0591'.repeat(9)}`],
  ...[
    `a${'\u0301\u200D'.repeat(9)}`,
    `a${'\u0301\u200B\u2060'.repeat(9)}`,
    `e${'\u20DD'.repeat(9)}`,
    `ก${'\u0E49'.repeat(9)}`,
  ],
  ...[`.\n${marks(9)}`, `👍${'\uFE0F'.repeat(9)}`, `a${marks(8)}\0\u0301`],
];

/** Allowed in messages, and not in names. */
const ONLY_IN_MESSAGES = [
  ...['\u0000', '\n', '\t', '\u2028', '\u202E', '\u2066', '\u061C', '\u200B', '\u2060', '\uFEFF', '\u00AD', '\u3164']
    .slice(1)
    .map((hidden) => `a${hidden}b`),
  ...[
    'a\u200Db',
    'a\u200Cb',
    'а\u200Cн',
    'anna\u200D',
    '\u200Canna',
    '李\u200D李',
    '5\u200D5',
    'a\uFE0Fb',
    '1\uFE0F',
    'a\uFE0F\u20E3',
    'ни\u034Fна',
  ],
  ...[
    '👍\u200Da',
    'a\u200D👍',
    '👍\u200D',
    '🏳️\u200D\u200D🌈',
    'علی\u200C\u200Cرضا',
    'علی\u200C',
    'ع\u200Ca',
    'क\u200Dष',
  ],
  ...['a\u{E0061}', '🏴\u{E0067}', 'a\u{E0067}\u{E0062}\u{E007F}', 'a\u2800b', 'a\uFFFCb', 'a\u{1D159}b', '가\u115F'],
];

describe('text that people can see', () => {
  test.each(VISIBLE)('is %j, as a message and as a name', (text) => {
    expect([isVisibleText(text), isVisibleName(text)]).toEqual([true, true]);
    expect(cleanMessageText(text)).toBe(text);
  });

  test.each([...UNSEEN, ...UNSENDABLE])('is not %j', (text) => {
    expect([isVisibleText(text), isVisibleName(text)]).toEqual([false, false]);
  });

  test.each(ONLY_IN_MESSAGES)('is %j as a message, but not as a name', (text) => {
    expect([isVisibleText(text), isVisibleName(text)]).toEqual([true, false]);
  });
});

describe('a message that is cleaned', () => {
  test.each([
    ['a\0b', 'ab'],
    [' a\n\tb ', 'a\n\tb'],
    ['a\uD800b', 'ab'],
    ['\u001B[31mred', '[31mred'],
    [`a${marks(1200)}b`, `a${marks(8)}b`],
    [`a${marks(8)}\0\u0301b`, `a${marks(8)}b`],
    [' \0 ', ''],
    ['\0\u200B', '\u200B'],
  ])('%j becomes %j', (text, cleaned) => expect(cleanMessageText(text)).toBe(cleaned));

  it('can be sent whenever something of it can be seen, and is not changed again', () => {
    const part = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\0',
      '\u0301',
      '\u0489',
      '\u200D',
      '\u200B',
      '\uFE0F',
      '\uD83D',
      '👍',
      '\uFEFF',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const cleaned = cleanMessageText(parts.join(''));
        expect(isVisibleText(cleaned)).toBe(/[a👍]/u.test(cleaned));
        expect(cleanMessageText(cleaned)).toBe(cleaned);
      }),
    );
  });

  it('is cleaned fast, however long its marks are', () => {
    const long = `a${'\u0301\u200D\uFE0F'.repeat(100_000)}\0`;
    expect(cleanMessageText(long).length).toBeLessThan(20);
  });
});

it('joiners that a name may have do not change its look', async () => {
  for (const name of VISIBLE)
    expect(await toNameLook(name.replace(/[\u200C\u200D]/g, ''))).toBe(await toNameLook(name));
});
