import { computed, signal } from '@angular/core';
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
    jest.spyOn(console, 'debug').mockReturnValue();
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

  describe('as the days go by', () => {
    beforeEach(() => jest.useFakeTimers({ now: new Date('2026-11-30T23:59:50') }));
    afterEach(() => jest.useRealTimers());

    it.each([
      ['2026-11-30T23:59:00', 'Today', 'Yesterday'],
      ['2026-11-30T00:00:00', 'Today', 'Yesterday'],
      ['2026-11-29T23:59:59', 'Yesterday', 'Sunday 29 November'],
      ['2026-11-29T00:00:00', 'Yesterday', 'Sunday 29 November'],
      ['2026-11-28T12:00:00', 'Saturday 28 November', 'Saturday 28 November'],
      ['2026-01-01T00:00:00', 'Thursday 1 January', 'Thursday 1 January'],
      ['2025-12-31T23:59:59', '31 December 2025', '31 December 2025'],
      ['2026-12-01T00:00:30', 'Tuesday 1 December', 'Today'],
      ['2026-12-02T00:00:30', 'Wednesday 2 December', 'Wednesday 2 December'],
      ['2027-01-01T00:00:00', '1 January 2027', '1 January 2027'],
    ])('the line above %s reads %j, and %j after midnight', (time, before, after) => {
      const formats = formatsWithTags('en-GB');
      const heading = computed(() => formats.formatDayHeading(time));
      expect(heading()).toBe(before);
      jest.advanceTimersByTime(20_000);
      expect(heading()).toBe(after);
    });

    it.each([
      ['2026-11-30T23:59:00', '23:59', 'Mon'],
      ['2026-11-30T10:00:00', '10:00', 'Mon'],
      ['2026-11-29T23:59:59', 'Sun', 'Sun'],
      ['2026-11-25T00:00:00', 'Wed', 'Wed'],
      ['2026-11-24T23:59:59', 'Tue', '24 Nov'],
      ['2026-11-24T00:00:00', 'Tue', '24 Nov'],
      ['2026-11-23T23:59:59', '23 Nov', '23 Nov'],
      ['2025-11-30T12:00:00', '30 Nov', '30 Nov'],
      ['2026-12-01T10:30:00', '10:30', '10:30'],
      ['2026-12-02T19:30:00', '19:30', '19:30'],
    ])('a narrow place shows %s as %j, and as %j after midnight', (time, before, after) => {
      const formats = formatsWithTags('en-GB');
      const compact = computed(() => formats.formatCompactTime(time));
      expect(compact()).toBe(before);
      jest.advanceTimersByTime(20_000);
      expect(compact()).toBe(after);
    });

    it('begins a new year at midnight', () => {
      jest.setSystemTime(new Date('2026-12-31T23:59:50'));
      const formats = formatsWithTags('en-GB');
      const heading = computed(() => formats.formatDayHeading('2026-12-01T12:00:00'));
      expect(heading()).toBe('Tuesday 1 December');
      jest.advanceTimersByTime(20_000);
      expect(heading()).toBe('1 December 2026');
    });
  });
});
