import type { MessageContent, MessageDto, RingCallee } from '@webcall/contracts';
import { en } from '../../../i18n/en';
import { entryWords, type EntryWords } from './entry-words';

const words = (content: MessageContent, authorId: string | null = 'a'): EntryWords =>
  entryWords({ authorId, authorName: authorId && 'anna', content } as MessageDto, en, {
    selfId: 'b',
    duration: (ms) => `${ms / 60_000} min`,
  });
const ring = (...callees: [id: string, status: RingCallee['status']][]): MessageContent => ({
  type: 'ring',
  callId: 'c',
  callees: callees.map(([userId, status]) => ({ userId, name: `name ${userId}`, status })),
});

describe('entryWords', () => {
  it('tells how long a call was and who took part', () => {
    const people = [
      { userId: 'a', name: 'anna' },
      { userId: 'b', name: 'boris' },
    ];
    expect(words({ type: 'call', callId: 'c', durationMs: 720_000, people })).toEqual({
      text: 'Call ended · 12 min · anna, boris',
      missed: false,
      back: false,
    });
  });

  it('tells whoever was called that they missed or declined it', () => {
    const missed = { text: 'Missed call from anna', missed: true, back: true };
    expect(words(ring(['b', 'missed']))).toEqual(missed);
    expect(words(ring(['b', 'cancelled'], ['c', 'declined']))).toEqual(missed);
    expect(words(ring(['b', 'declined']))).toMatchObject({ text: 'You declined a call from anna', missed: false });
    expect(words(ring(['b', 'missed']), null).text).toBe('Missed call from Deleted user');
  });

  it('tells the caller what became of everyone', () => {
    expect(words(ring(['c', 'missed'], ['d', 'declined'], ['e', 'missed']), 'b').text).toBe(
      'No answer from name c, name e · name d declined',
    );
    expect(words(ring(['c', 'cancelled']), 'b')).toEqual({ text: 'You called name c', missed: false, back: false });
  });

  it('counts calls in a row', () => {
    const times = (times: number): MessageContent => ({
      type: 'ring',
      callId: 'c',
      callees: [{ userId: 'b', name: 'boris', status: 'missed', times }],
    });
    expect(words(times(1)).text).toBe('Missed call from anna');
    expect(words(times(3))).toEqual({ text: '3 missed calls from anna', missed: true, back: true });
    expect(
      words(
        { ...times(3), callees: [{ userId: 'c', name: 'clara', status: 'missed', times: 3 }] } as MessageContent,
        'b',
      ).text,
    ).toBe('You called clara 3 times · No answer from clara');
    expect(
      words(
        { ...times(2), callees: [{ userId: 'c', name: 'clara', status: 'cancelled', times: 2 }] } as MessageContent,
        'b',
      ).text,
    ).toBe('You called clara 2 times');
  });

  it('tells all others who called whom', () => {
    expect(words(ring(['c', 'missed'], ['d', 'declined']))).toEqual({
      text: 'anna called name c, name d',
      missed: false,
      back: false,
    });
  });
});
