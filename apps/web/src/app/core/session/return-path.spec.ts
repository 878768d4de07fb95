import { safeReturnPath } from './return-path';

describe('safeReturnPath', () => {
  it.each(['/r/1', '/r/1?panel=people#latest', '/join/abc', '/'])('follows %s', (path) => {
    expect(safeReturnPath(path)).toBe(path);
  });

  it.each([
    null,
    undefined,
    '',
    'r/1',
    'https://elsewhere.example/r/1',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/%2e%2e//elsewhere.example',
    'javascript:alert(1)',
    '\\\\elsewhere.example',
  ])('does not leave the site by %j', (path) => {
    const target = safeReturnPath(path);
    expect(new URL(target, location.origin).origin).toBe(location.origin);
    expect(target).not.toMatch(/^\/[\\/]|elsewhere\.example$/);
  });

  it.each(['/sign-in', '/sign-up?next=/r/1', '/reset-password#token=x'])('does not lead back to %s', (path) => {
    expect(safeReturnPath(path)).toBe('/');
  });
});
