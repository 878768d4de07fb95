import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { en } from '../../../i18n/en';
import type { Language } from '../browser/browser-preferences';
import { DateTimeFormats } from './date-time-formats';
import { I18n } from './i18n';

const EVENING = '2026-11-03T18:05:00';

describe('DateTimeFormats', () => {
  const language = signal<Language>('en');
  const formatsWithTags = (...tags: string[]): DateTimeFormats => {
    jest.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);
    return TestBed.inject(DateTimeFormats);
  };

  beforeEach(() => {
    language.set('en');
    TestBed.configureTestingModule({ providers: [{ provide: I18n, useValue: { language, t: signal(en) } }] });
  });

  afterEach(() => jest.restoreAllMocks());

  it.each([
    'en-US@posix',
    'en-',
    'en--US',
    'en-US-',
    'en_US',
    'en_US.UTF-8',
    'en-US.UTF-8',
    'en-US POSIX',
    'en-a',
    'en-u-',
    'en-US-u',
    'en-toolongsubtag',
    'en-*',
    'en',
    'en-x-private',
    'enm-US',
    'C',
    'POSIX',
    '*',
    '',
  ])('writes a time the British way when the only language tag is %j', (tag) => {
    expect(formatsWithTags(tag).formatTimeOfDay(EVENING)).toBe('18:05');
  });

  it.each([
    [['en-US'], '6:05 PM'],
    [['EN-us'], '6:05 PM'],
    [['en-Latn-US'], '6:05 PM'],
    [['en-GB', 'en-US'], '18:05'],
    [['en-US', 'en-GB'], '6:05 PM'],
    [['en-US@posix', 'C', 'en-', 'en-US', 'en-GB'], '6:05 PM'],
    [['ru-RU', 'de-DE', 'en-US'], '6:05 PM'],
    [['de-DE'], '18:05'],
    [[], '18:05'],
  ])('takes the first usable English of %j', (tags, written) => {
    expect(formatsWithTags(...tags).formatTimeOfDay(EVENING)).toBe(written);
  });

  it('writes Russian whatever the tags are', () => {
    language.set('ru');
    expect(formatsWithTags('C').formatFullDate(EVENING)).toBe('3 ноября 2026 г.');
  });

  it('leaves a time empty that is none, instead of failing the list that shows it', () => {
    const formats = formatsWithTags('en-GB');
    expect([
      formats.formatTimeOfDay('soon'),
      formats.formatCompactTime(''),
      formats.formatDayHeading('2026-13-01'),
      formats.formatDayHeading(new Date(NaN)),
      formats.formatFullDate('?'),
      formats.formatDateTime('never'),
    ]).toEqual(Array(6).fill(''));
  });
});
