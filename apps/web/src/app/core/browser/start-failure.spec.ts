import { jest } from '@jest/globals';
import { handleStartFailure } from './start-failure';

describe('handleStartFailure', () => {
  const shownError = (): string | undefined => document.querySelector('[role=alert]')?.textContent ?? undefined;

  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(console, 'error').mockReturnValue();
    document.body.innerHTML = '<wc-root></wc-root>';
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('shows an unexpected error in each language instead of the splash', () => {
    handleStartFailure(new TypeError('crypto.randomUUID is not a function'));
    expect(shownError()).toContain('could not be started');
    expect(shownError()).toContain('Не удалось');
    expect(document.querySelector('wc-root')).toBeNull();
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    'Failed to fetch dynamically imported module: /chunk-X.js',
    'error loading dynamically imported module: /chunk-X.js',
    'Importing a module script failed.',
  ])('loads the page again after %j', (message) => {
    handleStartFailure(new TypeError(message));
    expect(shownError()).toBeUndefined();
    expect(jest.getTimerCount()).toBe(1);
  });
});
