import { isEmojiOnly, splitIntoLinks } from './linkify';

describe('splitIntoLinks', () => {
  const links = (text: string) =>
    splitIntoLinks(text)
      .filter((s) => s.url)
      .map((s) => [s.text, s.url]);

  it.each([
    ['see https://example.org/a?b=c#d now', [['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d']]],
    ['(http://example.org/x_(y))', [['http://example.org/x_(y)', 'http://example.org/x_(y)']]],
    ['Look: https://example.org.', [['https://example.org', 'https://example.org/']]],
    ['«https://example.org»', [['https://example.org', 'https://example.org/']]],
    ['www.example.org', [['www.example.org', 'https://www.example.org/']]],
    [
      'https://a.org https://b.org',
      [
        ['https://a.org', 'https://a.org/'],
        ['https://b.org', 'https://b.org/'],
      ],
    ],
  ])('finds the links of %j', (text, expected) => expect(links(text)).toEqual(expected));

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'JAVASCRIPT:https',
    'vbscript:x',
    'file:///etc/passwd',
    '<a href="x" onclick="y">',
    'https://',
    'http://[',
  ])('makes no link of %j', (text) => expect(links(text)).toEqual([]));

  it('never loses or adds a character', () => {
    const text = 'a <b>https://x.org/<script> "https://y.org" (www.z.org).\n\tend';
    expect(
      splitIntoLinks(text)
        .map((s) => s.text)
        .join(''),
    ).toBe(text);
  });

  it('stops at characters that could break out of an attribute', () => {
    expect(links('https://x.org/"onmouseover="alert(1)')).toEqual([['https://x.org/', 'https://x.org/']]);
  });
});

describe('isEmojiOnly', () => {
  it.each(['🙂', '👍🏽', '👩‍👩‍👧‍👦 🎉', '🇫🇮', '❤️'])('takes %s for emoji', (text) => expect(isEmojiOnly(text)).toBe(true));
  it.each(['', ' ', 'ok 🙂', '123', '🙂'.repeat(7), 'a'])('does not take %j for emoji', (text) =>
    expect(isEmojiOnly(text)).toBe(false),
  );
});
