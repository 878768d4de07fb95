import { MediaError, toMediaError } from './media-error';

describe('toMediaError', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['TypeError', 'unsupported'],
    ['InvalidStateError', 'failed'],
  ])('%s is %s', (name, reason) => {
    const cause = new DOMException('', name);
    expect(toMediaError('camera', cause)).toMatchObject({ source: 'camera', reason, cause });
  });

  it('returns a MediaError as it is, and accepts any value', () => {
    const known = new MediaError('microphone', 'busy');
    expect(toMediaError('camera', known)).toBe(known);
    expect(toMediaError('screen', 'odd').reason).toBe('failed');
  });
});
