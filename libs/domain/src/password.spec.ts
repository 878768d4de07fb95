import fc from 'fast-check';
import { findPasswordWeakness, hashedFormsOf, normalizePassword } from './password';

const ANNA = ['anna.k87', 'Anna.Kovaleva@mail.example.org'];

describe('a new password', () => {
  test.each([
    'password',
    'PassWord123',
    'p@ssw0rd',
    '12345678',
    'qwertyuiop',
    '1q2w3e4r',
    'Password123!',
    '2024sunshine!!',
    'Qwerty123!',
    '--letmein1--',
    'aaaaaaaa',
    '1212121212',
  ])('%p is common', async (password) =>
    expect(await findPasswordWeakness(password, ANNA)).toBe('password_too_common'),
  );

  test.each([
    'anna.k87',
    'ANNA.K87',
    'annak87anna',
    'Anna2024!',
    'a-n-n-a-2024',
    'kovaleva.k87',
    'KovalevaAnna',
    'AnnaKovaleva1987',
    'anna.kovaleva@mail.example.org',
    'example1',
    'webcall1',
    'WebCall-2026',
    'web.call.anna',
    '!?!?anna!?!?!?!?',
    'ａｎｎａ２０２４',
  ])('%p is made of the name', async (password) =>
    expect(await findPasswordWeakness(password, ANNA)).toBe('password_like_name'),
  );

  test.each([
    'correct horse battery',
    'staple of the sea',
    'anna likes old trains',
    'webcall of the sea',
    'tiger82941',
    'gT5-pQ9!x',
    'сиреневый трамвай',
    'organism-7',
    '🦊🦉🐢🦎🐝🦋🐌🦀',
  ])('%p is fine', async (password) => expect(await findPasswordWeakness(password, ANNA)).toBeUndefined());

  it('may contain a name of fewer than three letters', async () => {
    expect(await findPasswordWeakness('my ox cart', ['ox@ab.org'])).toBeUndefined();
  });

  it('treats signs in a name literally, not as a pattern', async () => {
    expect(await findPasswordWeakness('gT5-pQ9!x', ['....', '.*+?^$(@[a-z].org'])).toBeUndefined();
  });
});

describe('the normal form of a password', () => {
  test.each([
    ['cre\u0300me bru\u0302le\u0301e', 'crème brûlée'],
    ['\u0438\u0306', 'й'],
    ['tie\u0302\u0301ng', 'tiếng'],
    ['\u1112\u1161\u11AB', '한'],
    ['\u212B', 'Å'],
    ['q\u0307\u0323', 'q\u0323\u0307'],
    ['a\u00A0b\u2003c\u3000d\u202Fe\u1680f', 'a b c d e f'],
    ['\u0958', '\u0915\u093C'],
    ['Anna', 'Anna'],
    [' anna ', ' anna '],
    ['ａｎｎａ', 'ａｎｎａ'],
    ['ﬁ²', 'ﬁ²'],
    ['straße', 'straße'],
    ['İıſ', 'İıſ'],
    ['a\u200Bb\u200Dc', 'a\u200Bb\u200Dc'],
    ['a\tb', 'a\tb'],
    ['🏳️\u200D🌈', '🏳️\u200D🌈'],
  ])('of %j is %j', (typed, normal) => expect(normalizePassword(typed)).toBe(normal));

  it('is its own normal form', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const normal = normalizePassword(typed);
        expect(normalizePassword(normal)).toBe(normal);
        expect(hashedFormsOf(normal)).toEqual([normal]);
      }),
    ));

  it('is compared before and after what was typed', () =>
    expect(hashedFormsOf('e\u0301 b')).toEqual(['é b', 'e\u0301 b', 'é b']));
});
