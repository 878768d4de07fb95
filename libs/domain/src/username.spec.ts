import { GUEST_NAME_PATTERN, isValidUsername, ROOM_NAME_PATTERN, toCanonicalName } from './username';

describe('username', () => {
  test.each(['bob', 'Anna_1', 'a.b-c', 'x'.repeat(32)])('takes %p', (name) => expect(isValidUsername(name)).toBe(true));
  test.each(['ab', 'x'.repeat(33), 'two words', 'Анна', 'a@b', '', ' bob', 'bob\n'])('refuses %p', (name) =>
    expect(isValidUsername(name)).toBe(false),
  );

  it('is compared without case and outer spaces', () =>
    expect(toCanonicalName(' Bob@Example.ORG ')).toBe('bob@example.org'));
});

/** Invisible characters, and those that turn the direction of the text. */
const UNSEEN = ['', ' ', '\u00A0', '\u3164', '\u2800', '\u034F', '\uFE0F', '\u200B', '\uFFA0'].concat(
  [
    '\u0000',
    '\n',
    '\u2028',
    '\u202E',
    '\u2066',
    '\u061C',
    '\u200B',
    '\u2060',
    '\uFEFF',
    '\u00AD',
    '\u3164',
    '\u2800',
  ].map((hidden) => `a${hidden}b`),
);

describe('room name', () => {
  test.each(['Kitchen', 'Кухня №1', '…', '❤️', '👨‍👩‍👧 family', 'می‌خواهم', 'İ', '日本', 'a'.repeat(100)])(
    'takes %p',
    (name) => expect(ROOM_NAME_PATTERN.test(name)).toBe(true),
  );
  test.each(UNSEEN)('refuses %p', (name) => expect(ROOM_NAME_PATTERN.test(name)).toBe(false));
  it('refuses joiners alone', () => expect(ROOM_NAME_PATTERN.test('\u200D\u200C')).toBe(false));
});

describe('guest name', () => {
  test.each(['Анна Петрова', 'Bo', '李', 'Anna ❤️'])('takes %p', (name) =>
    expect(GUEST_NAME_PATTERN.test(name)).toBe(true),
  );
  test.each([...UNSEEN, 'x'.repeat(33), 'a\u200Db', '...', '123', '❤️', '___'])('refuses %p', (name) =>
    expect(GUEST_NAME_PATTERN.test(name)).toBe(false),
  );
});
