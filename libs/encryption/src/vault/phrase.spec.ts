import { equalBytes, hexOf } from '../bytes/bytes';
import { areAskedWords, chooseAskedWords, createPhrase, keysOfPhrase } from './phrase';

/** Of the vectors of BIP 39. */
const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const identity = new Uint8Array(32).fill(1);

describe('a recovery phrase', () => {
  it('has 12 words, and is another one each time', async () => {
    const phrase = createPhrase();
    expect(phrase).toHaveLength(12);
    expect(await keysOfPhrase(phrase.join(' '), 'ann')).not.toBeNull();
    expect(createPhrase()).not.toEqual(phrase);
  });

  it('is read as people type it', async () => {
    const [clean, typed] = [await keysOfPhrase(PHRASE, 'ann'), await keysOfPhrase(typedOddly(PHRASE), 'ann')];
    expect(typed!.receiving.publicKey).toEqual(clean!.receiving.publicKey);
  });

  it.each([
    ['a word that is none', PHRASE.replace('wave', 'wawe')],
    ['another word', PHRASE.replace('wave', 'wagon')],
    ['words in another order', PHRASE.split(' ').toReversed().join(' ')],
    ['a word too few', PHRASE.split(' ').slice(1).join(' ')],
    ['a word too many', `${PHRASE} legal`],
    ['24 words', `${'abandon '.repeat(23)}art`],
    ['nothing', ' '],
  ])('is none with %s', async (_, text) => {
    expect(await keysOfPhrase(text, 'ann')).toBeNull();
  });

  it('makes the same keys in every release, and others for every user', async () => {
    const [anns, bobs] = [(await keysOfPhrase(PHRASE, 'ann'))!, (await keysOfPhrase(PHRASE, 'bob'))!];
    expect(equalBytes(anns.receiving.publicKey, bobs.receiving.publicKey)).toBe(false);
    expect(await anns.proveIdentity(identity)).not.toEqual(await bobs.proveIdentity(identity));
    expect(await anns.proveIdentity(identity)).not.toEqual(await anns.proveIdentity(new Uint8Array(32)));
    expect(hexOf(await anns.proveIdentity(identity))).toMatchInlineSnapshot(
      `"7ffc9ebfaa21b2affc3e9930280659e596a3d0c3f00b96f437016042daefff59"`,
    );
    expect(hexOf(anns.receiving.publicKey.slice(0, 16))).toMatchInlineSnapshot(`"8e15047084b5de52935259469a4c3e57"`);
  });
});

describe('the words that are asked for', () => {
  it('are two of the phrase, at any places', () => {
    const phrase = PHRASE.split(' ');
    const places = new Set<number>();
    for (let i = 0; i < 300; i++) {
      const asked = chooseAskedWords(phrase);
      expect(asked).toHaveLength(2);
      expect(asked[0]!.position).toBeLessThan(asked[1]!.position);
      for (const { position, word } of asked) {
        expect(phrase[position]).toBe(word);
        places.add(position);
      }
    }
    expect(places.size).toBe(12);
  });

  it.each([
    [['Winner', ' wave '], true],
    [['wave', 'winner'], false],
    [['winner'], false],
    [['winner', 'wave', 'wave'], false],
    [['winner', ''], false],
  ])('%j: %s', (answers, right) => {
    const asked = [
      { position: 1, word: 'winner' },
      { position: 4, word: 'wave' },
    ];
    expect(areAskedWords(asked, answers)).toBe(right);
  });
});

const typedOddly = (phrase: string): string => `  ${phrase.toUpperCase().replaceAll(' ', '\n ')} `;
