import type { PastCallDto } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { toPastCallLine } from './past-calls';

const call = (more: Partial<PastCallDto>): PastCallDto => ({
  callId: 'c',
  roomId: 'r',
  roomName: 'boris',
  kind: 'direct',
  peerId: 'boris',
  part: 'started',
  rung: false,
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
    ['Incoming · 60 s', { part: 'joined', rung: true, answer: null }],
    ['Joined · 60 s', { part: 'joined', answer: null }],
    ['Started · Going on', { kind: 'group', answer: null, people: [], endedAt: null }],
    ['Missed', { part: 'missed', answer: null, people: [] }],
    ['Declined', { part: 'declined', answer: null }],
    ['Outgoing · Going on', { endedAt: null }],
    ['Joined · 60 s · with boris, carl', { kind: 'group', part: 'joined', answer: null, people: ['boris', 'carl'] }],
    ['Incoming · 60 s · with boris', { kind: 'group', part: 'joined', rung: true, answer: null }],
    ['Missed · with boris', { kind: 'group', part: 'missed', answer: null }],
  ])('describes a call as %s', (expected, more) => {
    expect(words(more)).toBe(expected);
  });

  it('marks missed calls only', () => {
    const missed = (part: PastCallDto['part']) => toPastCallLine(call({ part }), en, String).missed;
    expect([missed('missed'), missed('declined'), missed('started')]).toEqual([true, false, false]);
  });
});
