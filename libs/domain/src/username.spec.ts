import { GUEST_NAME_PATTERN, canonical, isUsername } from './username';

describe('username', () => {
  test.each(['bob', 'Anna_1', 'a.b-c', 'x'.repeat(32)])('takes %p', (name) => expect(isUsername(name)).toBe(true));
  test.each(['ab', 'x'.repeat(33), 'two words', 'Анна', 'a@b', '', ' bob', 'bob\n'])('refuses %p', (name) =>
    expect(isUsername(name)).toBe(false),
  );

  it('is compared without case and outer spaces', () => expect(canonical(' Bob@Example.ORG ')).toBe('bob@example.org'));
});

describe('guest name', () => {
  test.each(['Анна Петрова', 'Bo', '李'])('takes %p', (name) => expect(GUEST_NAME_PATTERN.test(name)).toBe(true));
  test.each(['', '   ', 'a\u0000b', 'a\nb', 'x'.repeat(33), 'a\u202Eb'])('refuses %p', (name) =>
    expect(GUEST_NAME_PATTERN.test(name)).toBe(false),
  );
});
