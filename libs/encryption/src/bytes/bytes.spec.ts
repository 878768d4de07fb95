import fc from 'fast-check';
import {
  base64UrlOf,
  type Bytes,
  bytesOfBase64Url,
  concatBytes,
  equalBytes,
  hexOf,
  utf8Bytes,
  utf8Text,
} from './bytes';
import { decodeFields, encodeFields, type Field } from './encoding';
import { padBytes, padmeLength, unpadBytes } from './padding';
import { createSigningKey, hasEd25519, signingKeyOfSeed, storedSigningKey, verifySignature } from './signing';
import { deriveBytes, deriveSealingKey, importKdfKey, openBytes, sealBytes } from './symmetric';

const fromHex = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

describe('text and bytes', () => {
  it('go to base64url and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesOfBase64Url(base64UrlOf(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['a', 'ab=', 'a+b', 'a/b', 'ab c', 'AB'])('takes no second form of the same bytes: %s', (text) => {
    expect(bytesOfBase64Url(text)).toBeNull();
  });

  it('know what is no UTF-8, and drop nothing of what is', () => {
    expect(utf8Text(Uint8Array.of(0xff))).toBeNull();
    expect(utf8Text(utf8Bytes('\ufeffa'))).toBe('\ufeffa');
  });
});

describe('encodeFields', () => {
  const field: fc.Arbitrary<Field> = fc.letrec<{ field: Field }>((tie) => ({
    field: fc.oneof({ maxDepth: 2 }, fc.uint8Array(), fc.array(tie('field'), { maxLength: 4 })),
  })).field;

  it('gives different lists of fields different encodings', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), fc.array(fc.uint8Array()), (a, b) => {
        const same = a.length === b.length && a.every((one, i) => equalBytes(one, b[i]!));
        expect(equalBytes(encodeFields('message', a), encodeFields('message', b))).toBe(same);
      }),
    );
  });

  it('gives no two types one encoding', () => {
    fc.assert(
      fc.property(fc.array(field), fc.array(field), (a, b) => {
        expect(equalBytes(encodeFields('message', a), encodeFields('deviceList', b))).toBe(false);
      }),
    );
  });

  it('is read back, and nothing else is', () => {
    const bytes = encodeFields('chainItem', ['text', 7, Uint8Array.of(1), ['a', 'b'], [[1], [2]]]);
    const reader = decodeFields('chainItem', bytes)!;
    expect(reader.readText()).toBe('text');
    expect(reader.readNumber()).toBe(7);
    expect(reader.readBytes(1)).toEqual(Uint8Array.of(1));
    expect(reader.isComplete).toBe(false);
    expect(reader.readList((entry) => entry.readText())).toEqual(['a', 'b']);
    expect(reader.readList((entry) => entry.readFields((fields) => fields.readNumber()))).toEqual([1, 2]);
    expect(reader.isComplete).toBe(true);
    expect(decodeFields('message', bytes)).toBeNull();
    for (let length = 0; length < bytes.length; length++) {
      const cut = decodeFields('chainItem', bytes.subarray(0, length));
      cut?.readText();
      cut?.readNumber();
      cut?.readBytes(1);
      cut?.readList((entry) => entry.readText());
      cut?.readList((entry) => entry.readFields((fields) => fields.readNumber()));
      expect(cut?.isComplete ?? false).toBe(false);
    }
  });

  it.each([
    ['a number of seven bytes', [new Uint8Array(7)]],
    ['a number beyond what is safe', [new Uint8Array(8).fill(0xff)]],
    ['nothing', []],
  ])('does not read %s as a number', (_, fields) => {
    const reader = decodeFields('message', encodeFields('message', fields))!;
    reader.readNumber();
    expect(reader.isComplete).toBe(false);
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('refuses to encode %d', (number) => {
    expect(() => encodeFields('message', [number])).toThrow(RangeError);
  });
});

describe('padding', () => {
  // Of the paper: 8 → 8, 9 → 10; and 1 MiB + 1 costs 3 %.
  it.each([
    [0, 0],
    [1, 1],
    [8, 8],
    [9, 10],
    [64, 64],
    [65, 72],
    [200, 208],
    [1000, 1024],
    [2 ** 20 + 1, 2 ** 20 + 2 ** 15],
  ])('rounds %d up to %d', (length, padded) => {
    expect(padmeLength(length)).toBe(padded);
  });

  it('costs at most 12 %, and never shortens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 2 ** 30 }), (length) => {
        expect(padmeLength(length)).toBeGreaterThanOrEqual(length);
        expect(padmeLength(length)).toBeLessThanOrEqual(length * 1.12);
      }),
    );
  });

  it('gives the bytes back, whatever they end with', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom([], [0x80], [0x80, 0, 0], [0]), (start, end) => {
        const bytes = concatBytes(start, Uint8Array.from(end));
        expect(unpadBytes(padBytes(bytes))).toEqual(bytes);
        expect(padBytes(bytes).length).toBeGreaterThanOrEqual(64);
      }),
    );
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['zeros', new Uint8Array(64)],
    ['no zeros after the mark', concatBytes(padBytes(new Uint8Array(3)).subarray(0, 63), Uint8Array.of(1))],
    ['another length', padBytes(new Uint8Array(3)).subarray(0, 63)],
  ])('refuses %s', (_, padded) => {
    expect(unpadBytes(padded)).toBeNull();
  });
});

describe('HKDF and AES-GCM', () => {
  it('derives what RFC 5869, A.1 and A.3 say', async () => {
    const secret = await importKdfKey(new Uint8Array(22).fill(0x0b));
    const info = fromHex('f0f1f2f3f4f5f6f7f8f9');
    expect(hexOf(await deriveBytes(secret, info, 42, fromHex('000102030405060708090a0b0c')))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
    expect(hexOf(await deriveBytes(secret, new Uint8Array(), 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });

  it('opens only with the same key and additional data, and gives no key away', async () => {
    const secret = await importKdfKey(new Uint8Array(32));
    const [one, two] = [await deriveSealingKey(secret, utf8Bytes('1')), await deriveSealingKey(secret, utf8Bytes('2'))];
    const [text, additional] = [utf8Bytes('text'), utf8Bytes('additional')];
    const box = await sealBytes(one, additional, text);
    expect(await openBytes(one, additional, box)).toEqual(text);
    expect(await openBytes(two, additional, box)).toBeNull();
    expect(await openBytes(one, utf8Bytes('other'), box)).toBeNull();
    expect(await openBytes(one, additional, box.with(20, box[20]! ^ 1))).toBeNull();
    for (let length = 0; length < box.length; length++)
      expect(await openBytes(one, additional, box.slice(0, length))).toBeNull();
    expect(equalBytes(box, await sealBytes(one, additional, text))).toBe(false);
    await expect(crypto.subtle.exportKey('raw', one)).rejects.toThrow();
    expect(secret.extractable).toBe(false);
  });
});

describe.each([
  ['WebCrypto', true],
  ['noble', false],
])('Ed25519 by %s', (_, isNative) => {
  const native = Promise.resolve(isNative);
  const seed = fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
  const publicKey = fromHex('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025');
  const message = fromHex('af82');
  const signature = fromHex(
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  );

  it('signs as RFC 8032, 7.1, TEST 3', async () => {
    const key = await signingKeyOfSeed(seed, native);
    expect(key.publicKey).toEqual(publicKey);
    expect(await key.sign(message)).toEqual(signature);
    expect(await verifySignature(publicKey, message, signature, native)).toBe(true);
  });

  it.each([
    ['another message', publicKey, fromHex('af83'), signature],
    ['another key', publicKey.with(0, 1), message, signature],
    ['a key of another length', publicKey.subarray(1), message, signature],
    ['another signature', publicKey, message, signature.with(0, 1)],
    ['a signature of another length', publicKey, message, signature.subarray(1)],
    ['an s that is not reduced', publicKey, message, signature.with(63, signature[63]! | 0x80)],
  ])('refuses %s', async (_, key, text, sign) => {
    expect(await verifySignature(key, text, sign, native)).toBe(false);
  });

  it('comes back from a store', async () => {
    const key = await createSigningKey(native);
    const again = storedSigningKey(key.publicKey, key.stored);
    expect(await verifySignature(key.publicKey, message, await again.sign(message), native)).toBe(true);
  });
});

it('has a signing key of WebCrypto whose bytes nobody gets out', async () => {
  expect(await hasEd25519()).toBe(true);
  const { stored } = await createSigningKey();
  await expect(crypto.subtle.exportKey('pkcs8', stored as CryptoKey)).rejects.toThrow();
});
