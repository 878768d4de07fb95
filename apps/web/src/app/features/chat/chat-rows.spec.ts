import type { PlainMessage } from '../../state/chat/message-intake';
import { buildChatRows, type ChatRow } from './chat-rows';

let seq = 0;
const message = (authorId: string | null, sentAt: string, n = ++seq): PlainMessage => ({
  id: `m${n}`,
  roomId: 'r',
  seq: n,
  revision: 0,
  authorId,
  authorName: authorId,
  sentAt,
  editedAt: null,
  content: { type: 'text', text: 'hi' },
});
const shape = (rows: ChatRow[]) =>
  rows.map((r) => (r.kind === 'message' || r.kind === 'pending' ? `${r.key}${r.joined ? '+' : ''}` : r.kind));

describe('buildChatRows', () => {
  beforeEach(() => (seq = 0));

  it('adds a line per day and joins consecutive messages of one person', () => {
    const messages = [
      message('a', '2026-11-21T10:00:00'),
      message('a', '2026-11-21T10:01:00'),
      message('b', '2026-11-21T10:02:00'),
      message('b', '2026-11-21T10:20:00'),
      message('b', '2026-11-22T00:01:00'),
    ];
    expect(shape(buildChatRows({ messages, pending: [], selfId: 'a' }))).toEqual([
      'day',
      'm1',
      'm2+',
      'm3',
      'm4',
      'day',
      'm5',
    ]);
  });

  it('does not join messages of deleted users, who may be different people', () => {
    const messages = [message(null, '2026-11-21T10:00:00'), message(null, '2026-11-21T10:00:01')];
    expect(shape(buildChatRows({ messages, pending: [], selfId: 'a' }))).toEqual(['day', 'm1', 'm2']);
  });

  it('puts call entries on separate lines and does not join messages across them', () => {
    const messages = [
      message('a', '2026-11-21T10:00:00'),
      message('a', '2026-11-21T10:00:10'),
      message('a', '2026-11-21T10:00:20'),
    ];
    messages[1]!.content = { type: 'ring', callId: 'c', callees: [] };
    expect(buildChatRows({ messages, pending: [], selfId: 'a' }).map((r) => r.kind)).toEqual([
      'day',
      'message',
      'entry',
      'message',
    ]);
    expect(shape(buildChatRows({ messages, pending: [], selfId: 'a' }))).toEqual(['day', 'm1', 'entry', 'm3']);
  });

  it('puts the line for new messages below the day line and does not join messages across it', () => {
    const messages = [
      message('a', '2026-11-21T10:00:00'),
      message('a', '2026-11-21T10:00:10'),
      message('a', '2026-11-22T10:00:10'),
    ];
    expect(shape(buildChatRows({ messages, pending: [], selfId: 'b', newAfter: 1 }))).toEqual([
      'day',
      'm1',
      'new',
      'm2',
      'day',
      'm3',
    ]);
    expect(shape(buildChatRows({ messages, pending: [], selfId: 'b', newAfter: 2 }))).toEqual([
      'day',
      'm1',
      'm2+',
      'day',
      'new',
      'm3',
    ]);
  });

  it('draws the line for new messages only where the first of them is', () => {
    const messages = [message('a', '2026-11-21T10:00:00', 11), message('a', '2026-11-21T10:00:10', 12)];
    expect(shape(buildChatRows({ messages, pending: [], selfId: 'b', newAfter: 5 }))).toEqual(['day', 'm11', 'm12+']);
  });

  it('keeps the rows that stay as they are', () => {
    const [first, second, third] = [
      message('a', '2026-11-21T10:00:00'),
      message('a', '2026-11-21T10:00:10'),
      message('a', '2026-11-21T10:00:20'),
    ];
    const pending = [{ id: 'p1', roomId: 'r', text: 'x', writtenAt: '2026-11-21T10:00:30', state: 'sent' as const }];
    const before = buildChatRows({ messages: [second, third], pending, selfId: 'a' });
    const edited = { ...third, editedAt: '2026-11-21T10:01:00' };
    const after = buildChatRows({ messages: [first, second, edited], pending, selfId: 'a' }, before);
    expect(shape(after)).toEqual(['day', 'm1', 'm2+', 'm3+', 'p1+']);
    const kept = after.filter((row) => before.includes(row)).map(({ key }) => key);
    expect(kept).toEqual([before[0]!.key, 'p1']);
    expect(buildChatRows({ messages: [first, second, edited], pending, selfId: 'a' }, after)).toEqual(after);
    const again = buildChatRows({ messages: [first, second, edited], pending: [], selfId: 'a' }, after);
    expect(again.every((row) => after.includes(row))).toBe(true);
  });

  it('shows pending messages last, and only until the server has them', () => {
    const messages = [message('a', '2026-11-21T10:00:00')];
    const entry = (id: string) => ({
      id,
      roomId: 'r',
      text: 'x',
      writtenAt: '2026-11-21T10:00:30',
      state: 'pending' as const,
    });
    const rows = buildChatRows({ messages, pending: [entry('m1'), entry('p1')], selfId: 'a' });
    expect(shape(rows)).toEqual(['day', 'm1', 'p1+']);
  });

  it.each([
    '2026-11-20T23:59:59',
    '2026-11-21T09:00:00',
    '2026-11-21T10:06:00',
    '2026-11-22T00:00:00',
    '2024-02-29T00:00:00',
    '1970-01-01T00:00:00',
    '2038-01-19T03:14:08',
    'no time',
  ])('draws no day line above a message on its way, whose time %s is by the clock of the device', (writtenAt) => {
    const messages = [message('b', '2026-11-21T10:00:00')];
    const pending = [{ id: 'p1', roomId: 'r', text: 'x', writtenAt, state: 'sent' as const }];
    expect(shape(buildChatRows({ messages, pending, selfId: 'a' }))).toEqual(['day', 'm1', 'p1']);
    expect(shape(buildChatRows({ messages: [], pending, selfId: 'a' }))).toEqual(['p1']);
  });
});
