import type { CallHistoryDto, PastCallDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { mergeNewestCalls, toPastCallLine } from './past-calls';

const call = (more: Partial<PastCallDto>): PastCallDto => ({
  callId: 'c',
  roomId: 'r',
  roomName: 'boris',
  kind: 'direct',
  peerId: 'boris',
  part: 'started',
  answer: 'accepted',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:01:00.000Z',
  durationMs: 60_000,
  people: ['boris'],
  ...more,
});
const words = (more: Partial<PastCallDto>): string => toPastCallLine(call(more), en, (ms) => `${ms / 1000} s`).words;

describe('toPastCallLine', () => {
  it.each<[string, Partial<PastCallDto>]>([
    ['Outgoing · 60 s', {}],
    ['Outgoing · No answer', { answer: 'missed', people: [] }],
    ['Outgoing · Declined', { answer: 'declined', people: [] }],
    ['Incoming · 60 s', { part: 'joined', answer: null }],
    ['Missed', { part: 'missed', answer: null, people: [] }],
    ['Declined', { part: 'declined', answer: null }],
    ['Outgoing · Going on', { endedAt: null }],
    ['Incoming · 60 s · with boris, carl', { kind: 'group', part: 'joined', answer: null, people: ['boris', 'carl'] }],
    ['Missed · with boris', { kind: 'group', part: 'missed', answer: null }],
  ])('describes a call as %s', (expected, more) => {
    expect(words(more)).toBe(expected);
  });

  it('marks missed calls only', () => {
    const missed = (part: PastCallDto['part']) => toPastCallLine(call({ part }), en, String).missed;
    expect([missed('missed'), missed('declined'), missed('started')]).toEqual([true, false, false]);
  });
});

const page = (ids: string, next: string | null): CallHistoryDto => ({
  calls: [...ids].map((callId) => ({ callId }) as PastCallDto),
  next,
});
const ids = ({ calls }: CallHistoryDto): string => calls.map(({ callId }) => callId).join('');

describe('mergeNewestCalls', () => {
  it('puts new calls on top and keeps the loaded older calls and their cursor', () => {
    const merged = mergeNewestCalls(page('abcdef', 'after f'), page('zab', 'after b'));
    expect([ids(merged), merged.next]).toEqual(['zabcdef', 'after f']);
  });

  it('applies changed calls, and drops calls missing from the newest page', () => {
    const shown = page('abcdef', null);
    const changed = { callId: 'b', durationMs: 60_000 } as PastCallDto;
    const merged = mergeNewestCalls(shown, { calls: [changed, { callId: 'd' } as PastCallDto], next: 'after d' });
    expect(ids(merged)).toBe('bdef');
    expect(merged.calls[0]).toBe(changed);
  });

  it('replaces the list if nothing is shown, the list is complete, or there is a gap', () => {
    const newest = page('xyz', 'after z');
    expect(mergeNewestCalls(null, newest)).toBe(newest);
    expect(mergeNewestCalls(page('abc', null), newest)).toBe(newest);
    const whole = page('a', null);
    expect(mergeNewestCalls(page('abc', null), whole)).toBe(whole);
  });
});
