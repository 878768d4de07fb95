import { ErrorHandler } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { en } from '../../i18n/en';
import { ApiError } from '../core/net/api-error';
import { I18n } from '../core/text/i18n';
import { Toasts } from '../ui/feedback/toasts';
import { FailureToasts } from './failure-toasts';

describe('FailureToasts', () => {
  const refused = new ApiError('forbidden', '');
  let failures: FailureToasts;
  let handled: unknown[];
  const shown = (): [string, string][] =>
    TestBed.inject(Toasts)
      .shown()
      .map(({ text, tone }) => [text, tone]);

  beforeEach(() => {
    handled = [];
    TestBed.configureTestingModule({
      providers: [
        { provide: I18n, useValue: { t: () => en } },
        { provide: ErrorHandler, useValue: { handleError: (error: unknown) => handled.push(error) } },
      ],
    });
    failures = TestBed.inject(FailureToasts);
  });

  it('shows nothing when the action succeeds', async () => {
    expect(await failures.runWithToast(() => Promise.resolve())).toBe(true);
    expect(shown()).toEqual([]);
  });

  it('shows why the action was refused', async () => {
    expect(await failures.runWithToast(() => Promise.reject(refused))).toBe(false);
    expect(shown()).toEqual([[en.errors.forbidden, 'bad']]);
    expect(handled).toEqual([]);
  });

  it.each([
    ['needs no message when the wanted state is reached already', 'removal_not_found', true],
    ['shows any other error', 'offline', false],
  ] as const)('%s', async (_, code, done) => {
    const action = () => Promise.reject(new ApiError(code, ''));
    expect(await failures.runWithToast(action, 'removal_not_found')).toBe(done);
    expect(shown()).toEqual(done ? [] : [[en.errors[code], 'bad']]);
  });

  it('does not swallow a bug, of which people read a general sentence', async () => {
    const bug = new TypeError('x is not a function');
    expect(await failures.runWithToast(() => Promise.reject(bug), 'removal_not_found')).toBe(false);
    expect(shown()).toEqual([[en.errors.internal_error, 'bad']]);
    expect(handled).toEqual([bug]);
  });

  it('gives the result of a request, or null', async () => {
    expect(await failures.resultOrToast(() => Promise.resolve(7))).toBe(7);
    expect(await failures.resultOrToast(() => Promise.reject(refused))).toBeNull();
    expect(shown()).toEqual([[en.errors.forbidden, 'bad']]);
  });
});
