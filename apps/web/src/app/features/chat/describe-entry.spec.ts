import type { EntryContent, RingCallee } from '@webcall/domain';
import { en } from '../../../i18n/en';
import { describeEntry, type EntryDescription, type EntryMessage } from './describe-entry';

const words = (content: EntryContent, authorId: string | null = 'a'): EntryDescription =>
  describeEntry({ authorId, authorName: authorId && 'anna', content } as EntryMessage, en, {
    selfId: 'b',
    duration: (ms) => `${ms / 60_000} min`,
  });
const ring = (...callees: [id: string, status: RingCallee['status']][]): EntryContent => ({
  type: 'ring',
  callId: 'c',
  callees: callees.map(([userId, status]) => ({ userId, name: `name ${userId}`, status })),
});

describe('describeEntry', () => {
  it('describes an ended call with its duration and participants', () => {
    const people = [
      { userId: 'a', name: 'anna' },
      { userId: 'b', name: 'boris' },
    ];
    expect(words({ type: 'call', callId: 'c', durationMs: 720_000, people })).toEqual({
      text: 'Call ended · 12 min · anna, boris',
      missed: false,
      canCallBack: false,
    });
  });

  it('describes a missed or declined call to the callee', () => {
    const missed = { text: 'Missed call from anna', missed: true, canCallBack: true };
    expect(words(ring(['b', 'missed']))).toEqual(missed);
    expect(words(ring(['b', 'cancelled'], ['c', 'declined']))).toEqual(missed);
    expect(words(ring(['b', 'declined']))).toMatchObject({ text: 'You declined a call from anna', missed: false });
    expect(words(ring(['b', 'missed']), null).text).toBe('Missed call from Deleted user');
  });

  it('describes the answer of each callee to the caller', () => {
    expect(words(ring(['c', 'missed'], ['d', 'declined'], ['e', 'missed']), 'b').text).toBe(
      'No answer from name c, name e · name d declined',
    );
    expect(words(ring(['c', 'cancelled']), 'b')).toEqual({
      text: 'You called name c',
      missed: false,
      canCallBack: false,
    });
  });

  it('says from where on messages are sealed', () => {
    const text = 'From here on, messages are sealed for the devices in this room';
    expect(words({ type: 'settings', encrypted: true })).toEqual({ text, missed: false, canCallBack: false });
  });

  it('counts calls in a row', () => {
    const times = (times: number): EntryContent => ({
      type: 'ring',
      callId: 'c',
      callees: [{ userId: 'b', name: 'boris', status: 'missed', times }],
    });
    expect(words(times(1)).text).toBe('Missed call from anna');
    expect(words(times(3))).toEqual({ text: '3 missed calls from anna', missed: true, canCallBack: true });
    expect(
      words({ ...times(3), callees: [{ userId: 'c', name: 'clara', status: 'missed', times: 3 }] } as EntryContent, 'b')
        .text,
    ).toBe('You called clara 3 times · No answer from clara');
    expect(
      words(
        { ...times(2), callees: [{ userId: 'c', name: 'clara', status: 'cancelled', times: 2 }] } as EntryContent,
        'b',
      ).text,
    ).toBe('You called clara 2 times');
  });

  it('describes caller and callees to all other readers', () => {
    expect(words(ring(['c', 'missed'], ['d', 'declined']))).toEqual({
      text: 'anna called name c, name d',
      missed: false,
      canCallBack: false,
    });
  });
});
