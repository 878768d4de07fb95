import { jest } from '@jest/globals';
import { handleStartFailure } from './start-failure';

describe('handleStartFailure', () => {
  const shownError = (): string | undefined => document.querySelector('[role=alert]')?.textContent ?? undefined;

  beforeEach(() => {
    jest.useFakeTimers();
    sessionStorage.clear();
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

  it('loads the page again only once a minute, and otherwise shows what is wrong', () => {
    const lost = new TypeError('error loading dynamically imported module: /chunk-X.js');
    handleStartFailure(lost);
    jest.setSystemTime(Date.now() + 5_000);
    handleStartFailure(lost);
    expect(shownError()).toContain('Check your network');
    expect(jest.getTimerCount()).toBe(1);
    jest.setSystemTime(Date.now() + 60_000);
    handleStartFailure(lost);
    expect(jest.getTimerCount()).toBe(2);
  });

  it('does not load the page again without a network', () => {
    jest.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    handleStartFailure(new TypeError('Importing a module script failed.'));
    expect(shownError()).toContain('Check your network');
    expect(jest.getTimerCount()).toBe(0);
  });
});
