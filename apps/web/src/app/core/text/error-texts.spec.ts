import { ERROR_CATALOG, QUOTA_NAMES } from '@webcall/contracts';
import { en, type Texts } from '../../../i18n/en';
import { ru } from '../../../i18n/ru';
import { ApiError } from '../net/api-error';
import { errorToText } from './error-texts';

const codes = [...Object.keys(ERROR_CATALOG), 'offline', 'timeout'] as ApiError['code'][];

describe.each([
  ['English', en, /^[\p{Script=Latin}\p{P}\p{Zs}\d]+$/u],
  ['Russian', ru, /\p{Script=Cyrillic}/u],
] as [string, Texts, RegExp][])('errors in %s', (_language, texts, script) => {
  it.each(codes)('%s is a sentence', (code) => {
    const text = errorToText(new ApiError(code, ''), texts);
    expect(text).toMatch(/^\p{Lu}.*\.$/u);
    expect(text).toMatch(script);
    expect(text).not.toContain('!');
    if (code !== 'internal_error') expect(text).not.toBe(texts.errors.internal_error);
  });

  it.each(QUOTA_NAMES)('%s has a sentence with the limit', (quota) => {
    const text = errorToText(new ApiError('quota_reached', '', 409, '', { quota, limit: 37 }), texts);
    expect(text).toMatch(/^\p{Lu}.*\b37\b.*\.$/u);
    expect(text).toMatch(script);
  });

  it('has a sentence for a quota that only the server knows', () => {
    const unknown = new ApiError('quota_reached', '', 409, '', { quota: 'toString', limit: 37 });
    expect(errorToText(unknown, texts)).toBe(texts.errors.quota_reached);
  });

  it('has a sentence for an unexpected error', () => {
    expect(errorToText(new TypeError('x is not a function'), texts)).toBe(texts.errors.internal_error);
  });
});

describe('texts', () => {
  const flat = (value: object, path = ''): [string, unknown][] =>
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      typeof inner === 'object' && inner !== null ? flat(inner, `${path}${key}.`) : [[path + key, inner]],
    );

  it('exist in both languages, none empty', () => {
    const keys = (texts: Texts): string[] => flat(texts).map(([key]) => key);
    expect(keys(ru).sort()).toEqual(keys(en).sort());
    for (const [key, text] of [...flat(en), ...flat(ru)]) expect([key, text]).not.toEqual([key, '']);
  });
});
