import { isolateArguments, isolateText, joinNames } from './isolate-text';

const [LRI, RLI, FSI, PDI, RLO] = ['\u2066', '\u2067', '\u2068', '\u2069', '\u202E'];

describe('isolateText', () => {
  it.each(['Anna', 'Анна', '李雷', 'Ωmega', '🏳️‍🌈', '', 'a & b (c)'])('leaves %j as it is', (text) =>
    expect(isolateText(text)).toBe(text),
  );

  it.each(['דנה', 'علی‌رضا', 'Anna دانا', 'ܐܒܐ', 'ދިވެހި', 'ߒߞߏ', '𞤀𞤣', `a${RLO}b`, 'a\u200Fb', 'a\u061Cb'])(
    'gives %j a direction of its own',
    (text) => expect(isolateText(text)).toBe(`${FSI}${text}${PDI}`),
  );

  it.each([
    [`${PDI}${PDI}a${RLO}b`, `${FSI}a${RLO}b${PDI}`],
    [`${RLI}abc`, `${FSI}${RLI}abc${PDI}${PDI}`],
    [`${LRI}${RLI}a${PDI}`, `${FSI}${LRI}${RLI}a${PDI}${PDI}${PDI}`],
    [`${RLI}a${PDI}${PDI}b`, `${FSI}${RLI}a${PDI}b${PDI}`],
  ])('lets %j neither end its isolate nor leave one open', (text, isolated) =>
    expect(isolateText(text)).toBe(isolated),
  );
});

describe('joinNames', () => {
  it('lets no name turn its neighbours', () =>
    expect(joinNames(['דנה', 'Bob', 'علي'])).toBe(`${FSI}דנה${PDI}, Bob, ${FSI}علي${PDI}`));
});

describe('isolateArguments', () => {
  const texts = isolateArguments({
    plain: 'Chat',
    people: {
      calling: (name: string) => `${name} is calling`,
      count: (n: number) => `${n} people`,
      typing: (names: readonly string[]) => names.join(' and '),
      list: ['a'],
    },
  });

  it('isolates what is put into a text, at any depth', () => {
    expect(texts.people.calling('דנה')).toBe(`${FSI}דנה${PDI} is calling`);
    expect(texts.people.typing(['דנה', 'Bob'])).toBe(`${FSI}דנה${PDI} and Bob`);
    expect(texts.people.calling('Anna')).toBe('Anna is calling');
  });

  it('leaves everything else', () => {
    expect(texts.plain).toBe('Chat');
    expect(texts.people.count(3)).toBe('3 people');
    expect(texts.people.list).toEqual(['a']);
  });
});
