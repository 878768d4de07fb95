import { isValidGuestName, isValidUsername } from './username';

describe('username', () => {
  test.each(['bob', 'Anna_1', 'a.b-c', 'x'.repeat(32)])('takes %p', (name) => expect(isValidUsername(name)).toBe(true));
  test.each(['ab', 'x'.repeat(33), 'two words', 'Анна', 'a@b', '', ' bob', 'bob\n'])('refuses %p', (name) =>
    expect(isValidUsername(name)).toBe(false),
  );
});

describe('guest name', () => {
  test.each([
    'Анна Петрова',
    'Bo',
    '李',
    'Anna ❤️',
    '❤️',
    '🏳️\u200D🌈',
    '👨\u200D👩\u200D👧',
    'علی\u200Cرضا',
    'x'.repeat(32),
    '1 👍',
  ])('takes %j', (name) => expect(isValidGuestName(name)).toBe(true));
  test.each([
    '',
    'x'.repeat(33),
    'a\u200Db',
    '...',
    '123',
    '___',
    '🇩🇪',
    '🅰🅳🅼🅸🅽',
    '\u3164',
    'a\u3164b',
    'a\u0000b',
    '🏳️\u200D',
  ])('refuses %j', (name) => expect(isValidGuestName(name)).toBe(false));
});
