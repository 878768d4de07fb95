import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { BrowserPreferences } from './browser-preferences';

describe('BrowserPreferences', () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [['ru'], 'ru'],
    [['ru-RU'], 'ru'],
    [['RU'], 'ru'],
    [['ru_RU.UTF-8'], 'ru'],
    [['ru@posix'], 'ru'],
    [['ru-'], 'ru'],
    [['ru-RU@posix', 'en'], 'ru'],
    [['en-US@posix', 'ru'], 'en'],
    [['en-', 'ru'], 'en'],
    [['C', 'ru'], 'ru'],
    [['', 'ru'], 'ru'],
    [['*', 'ru'], 'ru'],
    [['de', 'fr', 'ru'], 'ru'],
    [['enm', 'ru'], 'ru'],
    [['rup', 'en'], 'en'],
    [['run-BI'], 'en'],
    [['de-DE'], 'en'],
    [['C'], 'en'],
    [['POSIX'], 'en'],
    [[], 'en'],
  ])('begins, with the language tags %j, in %s', (tags, language) => {
    jest.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);
    expect(TestBed.inject(BrowserPreferences).language()).toBe(language);
  });
});
