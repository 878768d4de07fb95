import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { jest } from '@jest/globals';
import { en } from '../../../i18n/en';
import { I18n } from './i18n';
import { PageTitle } from './page-title';

describe('PageTitle', () => {
  const setTitle = jest.fn();
  let page: PageTitle;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        { provide: I18n, useValue: { t: signal(en) } },
        { provide: Title, useValue: { setTitle } },
      ],
    });
    page = TestBed.inject(PageTitle);
    page.setPageName(() => 'Kitchen');
    TestBed.tick();
    await Promise.resolve();
    setTitle.mockClear();
  });

  it('shows how many messages are unread', async () => {
    page.badge.set(2);
    TestBed.tick();
    await Promise.resolve();
    expect(setTitle.mock.calls).toEqual([['(2) Kitchen · WebCall']]);
  });

  it('is not written for a message that is read in the same turn', async () => {
    page.badge.set(1);
    TestBed.tick();
    page.badge.set(0);
    TestBed.tick();
    await Promise.resolve();
    expect(setTitle).not.toHaveBeenCalled();
  });
});
