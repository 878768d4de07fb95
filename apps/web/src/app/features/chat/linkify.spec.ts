import fc from 'fast-check';
import { isEmojiOnly, splitIntoLinks } from './linkify';

/** What must never stand inside a link: it ends the link, turns the writing around, or cannot be seen. */
const NEVER_IN_LINKS = /[\s"<>\\^`|\p{Bidi_Control}\u00ad\u200b\u2060\ufeff]/u;

const links = (text: string) => splitIntoLinks(text).filter((segment) => segment.url);
const linkTexts = (text: string) => links(text).map((link) => link.text);

describe('splitIntoLinks', () => {
  it.each([
    ['see https://example.org/a?b=c#d now', 'https://example.org/a?b=c#d'],
    ['(http://example.org/x_(y))', 'http://example.org/x_(y)'],
    ['Look: https://example.org.', 'https://example.org'],
    ['«https://example.org»', 'https://example.org'],
    ['www.example.org', 'www.example.org'],
    ['https://a.org https://b.org', 'https://a.org', 'https://b.org'],
    ["https://en.wikipedia.org/wiki/Hobson's_choice", "https://en.wikipedia.org/wiki/Hobson's_choice"],
    ['见https://example.org/docs（说明）了解', 'https://example.org/docs'],
    ['https://example.com。', 'https://example.com'],
    ['“https://example.org/a“', 'https://example.org/a'],
    ['**https://example.org/a**', 'https://example.org/a'],
    ['www.example.org,www.b.org', 'www.example.org', 'www.b.org'],
    ['_https://example.org/_', 'https://example.org/'],
    ['https://x.org/a，然后', 'https://x.org/a'],
    ['https://x.org/a、https://x.org/b', 'https://x.org/a', 'https://x.org/b'],
    ['「https://x.org/a」', 'https://x.org/a'],
    ['【https://x.org/a】！', 'https://x.org/a'],
    ['https://x.org/a？', 'https://x.org/a'],
    ['„https://x.org/a“', 'https://x.org/a'],
    ['»https://x.org/a«', 'https://x.org/a'],
    ["'https://x.org/a'", 'https://x.org/a'],
    ['"https://x.org/a"', 'https://x.org/a'],
    ['`https://x.org/a`', 'https://x.org/a'],
    ['~~https://x.org~~', 'https://x.org'],
    ['***https://x.org/a***', 'https://x.org/a'],
    ['**https://x.org/a**.', 'https://x.org/a'],
    ['*https://x.org/a*, _www.b.org/c_', 'https://x.org/a', 'www.b.org/c'],
    ['||https://x.org/a||', 'https://x.org/a'],
    ['[text](https://x.org/a)', 'https://x.org/a'],
    ['<https://x.org/a>', 'https://x.org/a'],
    ['https://x.org/a_b_ stays', 'https://x.org/a_b_'],
    ['https://x.org/*a*', 'https://x.org/*a*'],
    ['https://x.org/a...', 'https://x.org/a'],
    ['https://x.org/a;', 'https://x.org/a'],
    ['https://x.org/a?!', 'https://x.org/a'],
    ['https://x.org/a:', 'https://x.org/a'],
    ['**https://x.org/a.**?', 'https://x.org/a'],
    ['https://x.org/a—b', 'https://x.org/a'],
    ['https://x.org/a؟', 'https://x.org/a'],
    ['https://x.org:8080.', 'https://x.org:8080'],
    ['https://x.org?q=a,b', 'https://x.org?q=a,b'],
    ['https://x.org/#!/a', 'https://x.org/#!/a'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
    ['http://[::1]:3000/x.', 'http://[::1]:3000/x'],
    ['HTTPS://X.ORG/A', 'HTTPS://X.ORG/A'],
    ['вотhttps://x.org/путь', 'https://x.org/путь'],
    ['https://x.org/"onmouseover="alert(1)', 'https://x.org/'],
    ['https://x.org/\u202egpj.exe', 'https://x.org/'],
    ['https://x.org/a\u2066b', 'https://x.org/a'],
    ['\u200fhttps://x.org\u200f', 'https://x.org'],
    ['https://x.org/a\u200bb', 'https://x.org/a'],
  ])('finds the links of %j', (text, ...expected) => expect(linkTexts(text)).toEqual(expected));

  // From the tests of linkify-it: those of addresses with a protocol that a link is made of.
  it.each([
    ...[
      'http://example.com/?foo=bar',
      'http://example.com#foo=bar',
      'http://inrgess2',
      'http://999',
      'http://host-name',
    ],
    ...['http://foo.com/blah_blah_[other]', "http://foo.com/blah_blah_{I'm_king}", "http://foo.com/a_'quoted'"],
    "http://www.kmart.com/bestway-10'-x-30inch-steel-pro-frame-pool/p-004W007538417001P",
    'https://github.com/markdown-it/linkify-it/compare/360b13a...f580766',
    'http://172.26.142.48/viewerjs/#../0529/slides.pdf',
    'https://www.google.com/maps/place/New+York,+NY,+USA/@40.702271,-73.9968471,11z/data=!4m2!3m1!1s0x8:0xc?hl=en',
    'http://business.timesonline.co.uk/article/0,,9065-2473189,00.html',
    'http://www.bloomberg.com/news/what-s-troubling-germany-inc-',
    'http://example.com/render?target=summarize(deriviative(app.numUsers),%221min%22)&title=New_Users',
    'http://lyricstranslate.com/en/someone-you-നിന്നെ-പോലൊരാള്‍.html',
    ...['http://✪df.ws/123', 'http://www.bürgerentscheid-krankenhäuser.de', 'http://user:pass@example.com:8080'],
  ])('makes one link of %s', (text) => {
    expect(linkTexts(text)).toEqual([text]);
    expect(linkTexts(`(${text}).`)).toEqual([text]);
  });

  it.each([
    ...['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'JAVASCRIPT:https', 'vbscript:x'],
    ...['file:///etc/passwd', '<a href="x" onclick="y">', 'https://', 'http://[', 'https:x.org', 'ftp://x.org'],
    ...['http://.example.com', 'http://-example.com', 'http://..', 'http://##', 'http://??', 'hppt://example.com'],
    ...[
      'xhttps://x.org',
      'www.',
      'www...',
      'awww.x.org',
      'a@www.x.org',
      'www.google.com@evil.example',
      'x.org',
      '//x.org',
      'mailto:a@x.org',
    ],
  ])('makes no link of %j', (text) => expect(links(text)).toEqual([]));

  it.each([
    ['https://www.google.com@evil.example/', 'evil.example'],
    ['https://www.google.com:443@evil.example/', 'evil.example'],
    ['https://аррӏе.com/', 'xn--80ak6aa92e.com'],
    ['https://pаypal.com/', 'xn--pypal-4ve.com'],
    ['https://例え.jp/パス', 'xn--r8jz45g.jp'],
    ['www.bücher.example', 'www.xn--bcher-kva.example'],
    ['https://google.com⁄login.evil.example/', expect.stringMatching(/^google\.xn--.*evil\.example$/)],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['https://ｇoogle.com/', 'google.com'],
    ['https://xn--80ak6aa92e.com/', undefined],
    ['https://Example.org:443/a@b', undefined],
    ['https://example.org?@evil.example', undefined],
    ['http://[::1]:3000/', undefined],
    ['https://evil.example\\@google.com', undefined],
  ])('shows the host of %s as %s', (text, host) => expect(links(text).map((link) => link.host)).toEqual([host]));

  const pieces = fc.constantFrom(
    ...[
      'https://',
      'http://',
      'www.',
      'HTTPS:',
      'x.org',
      'аррӏе.com',
      '/a',
      '@',
      '/',
      '?',
      '#',
      '.',
      ',',
      '*',
      '_',
      '~',
    ],
    ...[
      '(',
      ')',
      '（',
      '）',
      '。',
      '"',
      "'",
      '“',
      '<',
      '>',
      '\\',
      '|',
      '`',
      ' ',
      '\n',
      '\u202e',
      '\u2066',
      '\u200b',
      'é',
    ],
    ...['见', '🙂', ':', ':80', '[', ']', '-', '%', ';'],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  );

  it('never loses or adds a character', () => {
    fc.assert(
      fc.property(
        texts,
        (text) =>
          splitIntoLinks(text)
            .map((segment) => segment.text)
            .join('') === text,
      ),
    );
  });

  it('makes only links to web addresses, without what turns the writing around or cannot be seen', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const link of links(text)) {
          expect(link.url).toMatch(/^https?:\/\//);
          expect(link.text).not.toMatch(NEVER_IN_LINKS);
        }
      }),
    );
  });

  it('shows the host that a link leads to, in its text or beside it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { text: shown, url, host } of links(text)) {
          const written = shown
            .replace(/^https?:\/\//i, '')
            .split(/[/?#]/)[0]!
            .replace(/:\d*$/, '');
          expect(host ?? written.toLowerCase()).toBe(new URL(url!).hostname);
        }
      }),
    );
  });

  it('finds an address whatever stands behind it that is no part of an address', () => {
    const address = 'https://example.org/a';
    const marks = fc.array(
      fc.constantFrom('.', ',', '!', '?', ')', '。', '，', '）', '」', '”', '"', '>', ' ', '\u200f'),
    );
    fc.assert(fc.property(marks, (behind) => expect(linkTexts(address + behind.join(''))).toEqual([address])));
  });
});

describe('isEmojiOnly', () => {
  it.each(['🙂', '👍🏽', '👩‍👩‍👧‍👦 🎉', '🇫🇮', '❤️'])('takes %s for emoji', (text) => expect(isEmojiOnly(text)).toBe(true));
  it.each(['', ' ', 'ok 🙂', '123', '🙂'.repeat(7), 'a'])('does not take %j for emoji', (text) =>
    expect(isEmojiOnly(text)).toBe(false),
  );
});
