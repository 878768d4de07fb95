import type { LastMessageDto, RoomDto } from '@webcall/contracts';
import type { RingCallee } from '@webcall/domain';
import { en } from '../../../i18n/en';
import { previewRoom } from './room-preview';

const line = (last: Partial<LastMessageDto> | null, room: Partial<RoomDto> = {}): string => {
  const lastMessage = last && {
    authorId: 'b',
    authorName: 'boris',
    text: 'hi',
    type: 'text',
    callees: null,
    sentAt: '',
    ...last,
  };
  const { author, text } = previewRoom({ kind: 'group', callSize: 0, lastMessage, ...room } as RoomDto, 'me', en);
  return author === undefined ? text : `${author}: ${text}`;
};

describe('previewRoom', () => {
  it('names the author, except where there is only one other user', () => {
    expect(line({})).toBe('boris: hi');
    expect(line({}, { kind: 'direct' })).toBe('hi');
    expect(line({ authorId: 'me' }, { kind: 'direct' })).toBe('You: hi');
    expect(line({ authorId: null, authorName: null })).toBe('Deleted user: hi');
  });

  it('describes calls, a running one first', () => {
    expect(line({ type: 'call', text: null })).toBe('Call ended');
    expect(line({ type: 'call', text: null }, { callSize: 2 })).toBe('2 people in the call');
  });

  it('describes a ring as the reader experienced it', () => {
    const ring = (authorId: string, ...callees: [userId: string, status: RingCallee['status']][]): string =>
      line({ type: 'ring', authorId, callees: callees.map(([userId, status]) => ({ userId, name: userId, status })) });
    expect(ring('b', ['me', 'missed'])).toBe('Missed call');
    expect(ring('b', ['me', 'cancelled'], ['c', 'declined'])).toBe('Missed call');
    const often = [{ userId: 'me', name: 'me', status: 'missed' as const, times: 3 }];
    expect(line({ type: 'ring', authorId: 'b', callees: often })).toBe('3 missed calls');
    expect(ring('b', ['me', 'declined'])).toBe('You declined a call');
    expect(ring('b', ['c', 'missed'])).toBe('Call without an answer');
    expect(ring('me', ['b', 'declined'])).toBe('Call declined');
    expect(ring('me', ['b', 'declined'], ['c', 'missed'])).toBe('Call without an answer');
    expect(ring('me', ['b', 'cancelled'])).toBe('You called');
  });

  it('describes what the server set, and what this page cannot show', () => {
    expect(line({ type: 'settings', text: null })).toBe(
      'From here on, messages are sealed for the devices in this room',
    );
    expect(line({ type: 'sealed', text: null })).toBe('A message that this page cannot show');
  });

  it('describes a deleted message and a room without messages', () => {
    expect(line({ type: 'deleted', text: null })).toBe('Message deleted');
    expect(line(null)).toBe('No messages yet');
  });
});
