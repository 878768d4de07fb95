import fc from 'fast-check';
import { isEmailLogin, toCanonicalEmail, toCanonicalLogin, toCanonicalName } from './canonical-name';

const SAME_ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'anna@example.org': [
    'anna@example.org',
    'ANNA@EXAMPLE.ORG',
    ' anna@example.org\n',
    'ａｎｎａ@example.org',
    'anna＠example.org',
    '𝓪𝓷𝓷𝓪@example.org',
    'an\u200Bna@example.org',
    'an\u00ADna@example.org',
    '\u202Eanna\u202C@example.org',
    'anna\uFEFF@example.org',
    'anna@example.org.',
    'anna@ｅｘａｍｐｌｅ.org',
    'anna@example。org',
    'anna@exam\u00ADple.org',
    '"anna"@example.org',
  ],
  'über@example.org': ['über@example.org', 'ÜBER@example.org', 'u\u0308ber@example.org', 'U\u0308BER@Example.Org'],
  'anna@xn--bcher-kva.example': [
    'anna@bücher.example',
    'anna@BÜCHER.example',
    'anna@bu\u0308cher.example',
    'anna@xn--bcher-kva.example',
    'anna@XN--BCHER-KVA.EXAMPLE.',
    'anna@ｂüｃｈｅｒ.example',
  ],
  'strauß@example.org': ['strauß@example.org', 'STRAUẞ@example.org'],
  'anna@xn--fa-hia.example': ['anna@faß.example', 'anna@xn--fa-hia.example'],
  'νίκοσ@example.org': ['νίκος@example.org', 'ΝΊΚΟΣ@example.org', 'Νι\u0301κος@example.org'],
  'a@xn--nxasmm1c.com': ['a@βόλος.com', 'a@xn--nxasmm1c.com'],
  'i\u0307nci@example.org': ['İnci@example.org', 'I\u0307NCI@example.org'],
  '한글@example.org': ['한글@example.org', '한글@example.org'.normalize('NFD')],
  'юзер@xn--e1afmkfd.xn--p1ai': ['Юзер@Пример.рф', 'ЮЗЕР@xn--e1afmkfd.xn--p1ai'],
  'kilo@example.org': ['\u212Ailo@example.org', 'KILO@example.org'],
};

const OTHER_ADDRESSES = [
  ['anna@example.org', 'anna+home@example.org'],
  ['anna@example.org', 'an.na@example.org'],
  ['anna@example.org', 'anna@mail.example.org'],
  ['anna@example.org', 'аnnа@example.org'],
  ['anna@example.org', 'anna@exаmple.org'],
  ['mike@example.org', 'mıke@example.org'],
  ['inci@example.org', 'İnci@example.org'],
  ['strauss@example.org', 'strauß@example.org'],
  ['anna@fass.example', 'anna@faß.example'],
  ['uber@example.org', 'über@example.org'],
  ['anna@example.org', 'anna@example.org/path'],
  ['anna@example.org', 'anna@example.org?x'],
  ['anna@example.org', 'anna@example.org:80'],
  ['anna@example.org', 'anna@ex%61mple.org'],
  ['anna@example.org', 'anna@example.org@evil.example'],
  ['anna@example.org', 'anna@exam\tple.org'],
] as const;

describe('the canonical form of an e-mail address', () => {
  describe.each(Object.entries(SAME_ADDRESSES))('%s', (canonical, spellings) =>
    it.each(spellings)('is that of %j', (spelling) => expect(toCanonicalEmail(spelling)).toBe(canonical)),
  );

  it.each(OTHER_ADDRESSES)('of %j is not that of %j', (one, other) =>
    expect(toCanonicalEmail(one)).not.toBe(toCanonicalEmail(other)),
  );

  it('keeps a domain that DNS could not have, and does not fail', () => {
    for (const domain of ['℀.org', 'a b.org', '[::1]', '', 'a..b', 'xn--a.org', '999.999.999.999'])
      expect(toCanonicalEmail(`Anna@${domain}`)).toBe(`anna@${domain}`);
  });

  it('is its own canonical form', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (local, domain) => {
        const canonical = toCanonicalEmail(`${local}@${domain}`);
        expect(toCanonicalEmail(canonical)).toBe(canonical);
      }),
    ));
});

describe('the canonical form of a name', () => {
  it.each([
    [' Bob ', 'bob'],
    ['ＢＯＢ', 'bob'],
    ['bob\u200B', 'bob'],
    ['BOB', 'bob'],
    ['Åsa', 'åsa'],
    ['A\u030Asa', 'åsa'],
  ])('of %j is %j', (typed, canonical) => expect(toCanonicalName(typed)).toBe(canonical));

  it('is that of a login without @', () => {
    expect(toCanonicalLogin(' Anna.K ')).toBe('anna.k');
    expect(isEmailLogin('anna.k')).toBe(false);
    expect(toCanonicalLogin('Anna＠BÜCHER.example')).toBe('anna@xn--bcher-kva.example');
    expect(isEmailLogin('anna＠example.org')).toBe(true);
  });
});
