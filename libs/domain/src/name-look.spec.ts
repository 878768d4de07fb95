import fc from 'fast-check';
import { isReservedName, toNameLook } from './name-look';

describe('toNameLook', () => {
  test.each<[string, string]>([
    ['anna', 'Anna'],
    ['anna', 'ＡＮＮＡ'],
    ['anna', ' 𝐚𝐧𝐧𝐚\uFE0F'],
    ['anna', 'an\u200Ana'],
    ['anna', 'аnnа'], // Cyrillic а
    ['anna', 'ΑΝΝΑ'], // Greek
    ['paypal', 'paypaI'],
    ['paypal', 'PAYPA1'],
    ['paypal', 'раураl'], // Cyrillic рау
    ['paypal', 'РАУРАL'],
    ['ian', 'lAN'],
    ['ian', 'ІАN'], // Ukrainian І
    ['mark', 'rnark'],
    ['Mark', 'RNARK'],
    ['william', 'vvilliarn'],
    ['wvvw', 'vvvvvv'],
    ['bob', 'b0b'],
    ['Olga', '0lga'],
    ['Olga', 'Οlga'], // Greek Ο
    ['a_b', 'a__b'],
    ['Анна', 'Aннa'],
  ])('is the same for %p and %p', async (one, other) => expect(await toNameLook(other)).toBe(await toNameLook(one)));

  test.each([
    ['anna', 'anna-1'],
    ['anna', 'Анна'],
    ['anna', 'ana'],
    ['anna', 'ánna'],
    ['user-1a2b3c', 'user-1a2b3d'],
    ['a.b', 'a_b'],
    ['clara', 'dara'],
    ['boris', 'doris'],
  ])('differs for %p and %p', async (one, other) => expect(await toNameLook(other)).not.toBe(await toNameLook(one)));

  it('ignores the case of a username, and leaves a look as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Za-z0-9_.-]{3,32}$/), async (name) => {
        const look = await toNameLook(name);
        expect([await toNameLook(name.toUpperCase()), await toNameLook(name.toLowerCase())]).toEqual([look, look]);
        expect(await toNameLook(look)).toBe(look);
        expect(look).not.toMatch(/\s/);
      }),
    );
  });
});

describe('a reserved name', () => {
  test.each([
    ...[
      'admin',
      'ADMIN',
      'AdmIn',
      'adm1n',
      'Adrnin',
      'admin_',
      'a.d.m.i.n',
      'admin1',
      '1admin',
      '007admin42',
      '-admin-',
    ],
    ...['administrator', 'Administrator', 'AdminIstrat0r', 'system', 'everyone', 'all', 'AII', 'a11', '_all_', 'here'],
    ...['0wner', '0wner1', 'r00t', 'root.', 'webcaII', 'vvebcall', 'me2', 'null', 'undefined', 'sup-port'],
    ...[
      'ａｄｍｉｎ',
      'аdmin',
      'Админ',
      'АДМИН',
      'АдМиН',
      'Aдмин',
      'а д м и н',
      'ВСЕ',
      'все!',
      'Сиcтема',
      'Поддержка ✅',
      'admin 👑',
    ],
  ])('is %p', async (name) => expect(await isReservedName(name)).toBe(true));

  test.each([
    ...[
      'anna',
      'boris',
      'clara',
      'user-1a2b3c',
      'Ali',
      'ALI',
      'ali2',
      'admiral',
      'sysadmin',
      'Allan',
      'Merle',
      'mel',
      'Theresa',
    ],
    ...['Uncle Vanya', 'Дядя Ваня', 'Всеволод', 'Света', 'Guestav', 'rooty', 'Hereward', '李', 'owner-of-cats'],
  ])('is not %p', async (name) => expect(await isReservedName(name)).toBe(false));
});
