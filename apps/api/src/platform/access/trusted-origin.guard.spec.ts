import { type ExecutionContext, Logger } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config';
import { LOGGED_ORIGINS_KEPT_MS, TrustedOriginGuard } from './trusted-origin.guard';

describe('TrustedOriginGuard', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const guardOf = (...corsOrigins: string[]) => new TrustedOriginGuard({ corsOrigins } as unknown as AppConfig);
  /** What Express makes of a request: `host` is the forwarded one if the proxy is trusted. */
  const requestOf = (headers: Record<string, string>, host = 'call.example.org', protocol = 'https') => {
    const request = { host, protocol, get: (name: string) => headers[name] };
    return { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
  };
  const refused = expect.objectContaining({ code: 'origin_refused' }) as Error;

  beforeEach(() => warn.mockClear());
  afterAll(() => warn.mockRestore());

  it.each([
    ['a program', {}],
    ['the own page', { origin: 'https://call.example.org', 'sec-fetch-site': 'same-origin' }],
    ['an own page without https or in an old browser', { origin: 'https://call.example.org' }],
    ['a page of CORS_ORIGINS', { origin: 'https://app.example.org', 'sec-fetch-site': 'cross-site' }],
  ])('allows %s', (_, headers) => {
    expect(guardOf('https://app.example.org').canActivate(requestOf(headers))).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });

  it('refuses the own page behind a proxy that hides its host, and logs once which settings help', () => {
    const guard = guardOf();
    const behindProxy = requestOf({ origin: 'http://192.168.1.5' }, 'api:3000', 'http');
    expect(() => guard.canActivate(behindProxy)).toThrow(refused);
    expect(() => guard.canActivate(behindProxy)).toThrow(refused);
    expect(warn.mock.calls).toEqual([
      [
        {
          origin: 'http://192.168.1.5',
          ownOrigin: 'http://api:3000',
          msg: expect.stringMatching(/Host.*TRUSTED_PROXIES.*CORS_ORIGINS/),
        },
      ],
    ]);
  });

  it('does not let strangers fill the log with origins', () => {
    const guard = guardOf();
    for (let i = 0; i < 100; i += 1)
      expect(() => guard.canActivate(requestOf({ origin: `https://evil-${i}.example` }))).toThrow(refused);
    expect(warn).toHaveBeenCalledTimes(10);
  });

  it('names an origin again after an hour, also if strangers had silenced it', () => {
    jest.useFakeTimers();
    const guard = guardOf();
    const refuse = (origin: string): void => expect(() => guard.canActivate(requestOf({ origin }))).toThrow(refused);
    for (let i = 0; i < 10; i += 1) refuse(`https://evil-${i}.example`);
    refuse('http://192.168.1.5');
    expect(warn).toHaveBeenCalledTimes(10);
    jest.advanceTimersByTime(LOGGED_ORIGINS_KEPT_MS);
    refuse('http://192.168.1.5');
    expect(warn).toHaveBeenLastCalledWith(expect.objectContaining({ origin: 'http://192.168.1.5' }));
    jest.useRealTimers();
  });
});
