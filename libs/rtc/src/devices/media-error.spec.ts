import { MediaError, mediaErrorOf } from './media-error';

describe('mediaErrorOf', () => {
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
    expect(mediaErrorOf('camera', cause)).toMatchObject({ source: 'camera', reason, cause });
  });

  it('leaves what is classified already, and takes anything', () => {
    const known = new MediaError('microphone', 'busy');
    expect(mediaErrorOf('camera', known)).toBe(known);
    expect(mediaErrorOf('screen', 'odd').reason).toBe('failed');
  });
});
