import fc from 'fast-check';
import { idKey, idsKey, jsonKey, type LeaseKeyCodec } from './lease-keys';

const anId = fc.oneof(fc.uuid(), fc.stringMatching(/^[\w-]{1,20}$/));
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** Texts of all kinds, and some that are almost keys. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(anId, fc.constant('')), { maxLength: 5 }).map((ids) => ids.join(' ')),
  fc.json(),
);

describe.each<[string, LeaseKeyCodec<unknown>, fc.Arbitrary<unknown>]>([
  ['an id', idKey, anId],
  ['several ids', idsKey('room', 'ring', 'callee'), fc.record({ room: anId, ring: anId, callee: anId })],
  ['JSON', jsonKey(isList), fc.array(fc.jsonValue())],
])('a key of %s', (_, codec, values) => {
  it('is read as what was written', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = codec.encode(value);
        expect(codec.encode(codec.decode(text))).toBe(text);
        expect(codec.decode(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is read as nothing if it is none, and without an error', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = codec.decode(text);
        if (value === undefined) return;
        const written = codec.encode(value);
        expect(codec.encode(codec.decode(written))).toBe(written);
      }),
    );
  });
});

it.each([
  ['an id', idKey, ['', 'a b', ' a', 'a\n']],
  ['two ids', idsKey('a', 'b'), ['', 'a', 'a ', ' b', 'a  b', 'a b c', 'a\tb c']],
  ['a list as JSON', jsonKey(isList), ['', '[', '{}', 'null', '[1']],
])('%s is not read from other texts', (_, codec, texts) => {
  for (const text of texts) expect([text, codec.decode(text)]).toEqual([text, undefined]);
});

it.each(['', 'a b', 'a\n'])('an id like “%s”, which could not be read again, is not written', (id) => {
  expect(() => idKey.encode(id)).toThrow('has a space');
  expect(() => idsKey('a', 'b').encode({ a: 'a', b: id })).toThrow('has a space');
});
