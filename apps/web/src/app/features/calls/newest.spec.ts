import type { CallHistoryDto, PastCallDto } from '@webcall/contracts';
import { withNewest } from './newest';

const page = (ids: string, next: string | null): CallHistoryDto => ({
  calls: [...ids].map((callId) => ({ callId }) as PastCallDto),
  next,
});
const ids = ({ calls }: CallHistoryDto): string => calls.map(({ callId }) => callId).join('');

describe('withNewest', () => {
  it('puts new calls on top and keeps what was loaded beneath, and where it goes on', () => {
    const merged = withNewest(page('abcdef', 'after f'), page('zab', 'after b'));
    expect([ids(merged), merged.next]).toEqual(['zabcdef', 'after f']);
  });

  it('takes what has changed, and drops what is gone from the newest page', () => {
    const shown = page('abcdef', null);
    const changed = { callId: 'b', durationMs: 60_000 } as PastCallDto;
    const merged = withNewest(shown, { calls: [changed, { callId: 'd' } as PastCallDto], next: 'after d' });
    expect(ids(merged)).toBe('bdef');
    expect(merged.calls[0]).toBe(changed);
  });

  it('begins anew without anything shown, with a whole list, and over a gap', () => {
    const newest = page('xyz', 'after z');
    expect(withNewest(null, newest)).toBe(newest);
    expect(withNewest(page('abc', null), newest)).toBe(newest);
    const whole = page('a', null);
    expect(withNewest(page('abc', null), whole)).toBe(whole);
  });
});
