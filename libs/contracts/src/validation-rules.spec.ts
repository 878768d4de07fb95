import { validate } from 'class-validator';
import { IsBase64Url } from './validation-rules';

describe('IsBase64Url', () => {
  class Bytes {
    @IsBase64Url({ min: 0, max: 9 })
    bytes: unknown;
  }
  const isTaken = async (bytes: unknown) => (await validate(Object.assign(new Bytes(), { bytes }))).length === 0;

  it.each([0, 1, 2, 3, 4, 8, 9])('takes the base64url of any %d bytes', async (length) => {
    for (const byte of [0x00, 0x01, 0x7f, 0xfb, 0xff])
      expect(await isTaken(Buffer.alloc(length, byte).toString('base64url'))).toBe(true);
  });

  it.each(['A', 'AAAAA', 'AB', 'A_', 'AAB', 'AA_', 'AA==', 'AAA=', 'AA\n', 'A A', 'AA+A', 'AA/A', 'ÀAAA', '\u212AAAA'])(
    'refuses %j, which is no base64url, or not the only form of its bytes',
    async (text) => expect(await isTaken(text)).toBe(false),
  );

  it('takes the last characters that bytes can end with, and no other', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const start of ['A', 'AA', 'AAA', '_-x'])
      for (const last of alphabet) {
        const text = start + last;
        const isOnlyForm = Buffer.from(text, 'base64url').toString('base64url') === text;
        expect([text, await isTaken(text)]).toEqual([text, isOnlyForm]);
      }
  });

  it('counts bytes, not characters', async () => {
    expect(await isTaken(Buffer.alloc(9).toString('base64url'))).toBe(true);
    expect(await isTaken(Buffer.alloc(10).toString('base64url'))).toBe(false);
  });
});
