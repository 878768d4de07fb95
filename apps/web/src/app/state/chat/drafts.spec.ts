import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { BrowserStorage } from '../../core/browser/browser-storage';
import { Session } from '../../core/session/session';
import { Drafts } from './drafts';

describe('Drafts', () => {
  const user = signal<object | null>({});
  const stored = () => TestBed.inject(BrowserStorage).user.readValue('draft.room');
  const start = (): Drafts => {
    TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { user } }] });
    return TestBed.inject(Drafts);
  };

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    user.set({});
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('stores a text twice a second at most, however fast it is typed, and its end', () => {
    const drafts = start();
    const storeValue = jest.spyOn(TestBed.inject(BrowserStorage).user, 'storeValue');
    for (let length = 1; length <= 200; length += 1) {
      drafts.keepDraft('room', 'x'.repeat(length));
      jest.advanceTimersByTime(10);
    }
    expect(storeValue.mock.calls.length).toBeLessThanOrEqual(4);
    jest.runOnlyPendingTimers();
    expect(stored()).toBe('x'.repeat(200));
  });

  it.each([
    ['closed', () => dispatchEvent(new Event('pagehide'))],
    [
      'hidden',
      () => {
        jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
        document.dispatchEvent(new Event('visibilitychange'));
      },
    ],
  ])('stores what was typed last when the page is %s', (_, leave) => {
    start().keepDraft('room', 'the last word');
    leave();
    expect(stored()).toBe('the last word');
    TestBed.resetTestingModule();
    expect(start().loadDraft('room')).toBe('the last word');
  });

  it('removes a draft at once when it is sent', () => {
    const drafts = start();
    drafts.keepDraft('room', 'hello');
    jest.runOnlyPendingTimers();
    drafts.keepDraft('room', '');
    expect([stored(), drafts.loadDraft('room')]).toEqual([null, '']);
  });

  it('does not bring back a draft that another tab has sent', () => {
    const drafts = start();
    drafts.keepDraft('room', 'hello');
    jest.runOnlyPendingTimers();
    TestBed.inject(BrowserStorage).user.removeValue('draft.room');
    expect(drafts.loadDraft('room')).toBe('');
  });

  it('keeps a text in memory that the browser has no space for', () => {
    const drafts = start();
    drafts.keepDraft('room', 'first');
    jest.runOnlyPendingTimers();
    jest.spyOn(console, 'debug').mockReturnValue();
    jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    drafts.keepDraft('room', 'second');
    jest.runOnlyPendingTimers();
    expect(drafts.loadDraft('room')).toBe('second');
  });

  it('keeps a text of a million characters in memory alone, and nothing that was stored before it', () => {
    const drafts = start();
    drafts.keepDraft('room', 'short');
    jest.runOnlyPendingTimers();
    drafts.keepDraft('room', 'x'.repeat(1_000_000));
    jest.runOnlyPendingTimers();
    expect(drafts.loadDraft('room')).toHaveLength(1_000_000);
    expect(stored()).toBeNull();
  });

  it('stores nothing after signing out', () => {
    start().keepDraft('room', 'secret');
    user.set(null);
    dispatchEvent(new Event('pagehide'));
    expect(stored()).toBeNull();
  });
});
