import { ERRORS, QUOTAS } from '@webcall/contracts';
import { type Texts, en } from '../../../i18n/en';
import { ru } from '../../../i18n/ru';
import { ApiError } from '../net/api-error';
import { errorText } from './errors';

const codes = [...Object.keys(ERRORS), 'offline', 'timeout'] as ApiError['code'][];

describe.each([
  ['English', en, /^[\p{Script=Latin}\p{P}\p{Zs}\d]+$/u],
  ['Russian', ru, /\p{Script=Cyrillic}/u],
] as [string, Texts, RegExp][])('errors in %s', (_language, texts, script) => {
  it.each(codes)('%s is a sentence', (code) => {
    const text = errorText(new ApiError(code, ''), texts);
    expect(text).toMatch(/^\p{Lu}.*\.$/u);
    expect(text).toMatch(script);
    expect(text).not.toContain('!');
    if (code !== 'internal_error') expect(text).not.toBe(texts.errors.internal_error);
  });

  it.each(QUOTAS)('%s are sentences that say how many there can be', (quota) => {
    const text = errorText(new ApiError('quota_reached', '', 409, '', { quota, limit: 37 }), texts);
    expect(text).toMatch(/^\p{Lu}.*\b37\b.*\.$/u);
    expect(text).toMatch(script);
  });

  it('has a sentence for a quota that only the server knows', () => {
    const unknown = new ApiError('quota_reached', '', 409, '', { quota: 'toString', limit: 37 });
    expect(errorText(unknown, texts)).toBe(texts.errors.quota_reached);
  });

  it('has a sentence for what nobody expected', () => {
    expect(errorText(new TypeError('x is not a function'), texts)).toBe(texts.errors.internal_error);
  });
});

describe('texts', () => {
  const flat = (value: object, path = ''): [string, unknown][] =>
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      typeof inner === 'object' && inner !== null ? flat(inner, `${path}${key}.`) : [[path + key, inner]],
    );

  it('are the same set in both languages, none empty', () => {
    const keys = (texts: Texts): string[] => flat(texts).map(([key]) => key);
    expect(keys(ru).sort()).toEqual(keys(en).sort());
    for (const [key, text] of [...flat(en), ...flat(ru)]) expect([key, text]).not.toEqual([key, '']);
  });
});
