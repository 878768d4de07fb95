import type { PlainMessage } from '../../state/chat/message-intake';
import { buildChatRows, type ChatRow, type ChatRowBlock, groupIntoBlocks } from './chat-rows';

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

describe('groupIntoBlocks', () => {
  const rowsOf = (first: number, last: number): ChatRow[] =>
    Array.from({ length: last - first + 1 }, (_, i) => ({
      kind: 'message',
      key: `m${first + i}`,
      message: message('a', '2026-11-21T10:00:00', first + i),
      joined: false,
    }));
  const keysOf = (blocks: readonly ChatRowBlock[]) => blocks.flatMap(({ rows }) => rows.map(({ key }) => key));
  const rows = rowsOf(101, 200);
  const blocks = groupIntoBlocks(rows);

  it('keeps the order, and no block is large', () => {
    expect(keysOf(blocks)).toEqual(rows.map(({ key }) => key));
    expect(Math.max(...blocks.map((block) => block.rows.length))).toBeLessThan(50);
    expect(blocks.length).toBeGreaterThan(2);
  });

  it('changes only the last block for a new row, until that is full', () => {
    let before = blocks;
    const added = rowsOf(201, 300);
    added.forEach((row, i) => {
      const after = groupIntoBlocks([...rows, ...added.slice(0, i + 1)], before);
      expect(after.filter((block) => !before.includes(block))).toHaveLength(1);
      expect(keysOf(after).at(-1)).toBe(row.key);
      before = after;
    });
    expect(Math.max(...before.map((block) => block.rows.length))).toBeLessThan(50);
  });

  it('leaves the blocks of rows as they are when others are added above or dropped at an end', () => {
    const older = rowsOf(51, 100);
    const grown = groupIntoBlocks([...older, ...rows], blocks);
    expect(keysOf(grown)).toEqual([...older, ...rows].map(({ key }) => key));
    expect(grown.slice(-blocks.length)).toEqual(blocks);
    blocks.forEach((block) => expect(grown).toContain(block));
    const dropped = groupIntoBlocks(rows.slice(0, 60), grown);
    expect(keysOf(dropped)).toEqual(rows.slice(0, 60).map(({ key }) => key));
    expect(dropped[0]).toBe(blocks[0]);
  });

  it('keeps a row in its block while what it shows changes', () => {
    const sent = [...rows.slice(0, -1), { ...rows.at(-1)! }];
    const after = groupIntoBlocks(sent, blocks);
    expect(after.at(-1)).toEqual(blocks.at(-1));
    expect(after.at(-1)).not.toBe(blocks.at(-1));
    expect(after.slice(0, -1)).toEqual(blocks.slice(0, -1));
  });

  it('leaves messages in their block when the line above them goes up with what is added there', () => {
    const day = (): ChatRow => ({ kind: 'day', key: 'day 1', day: new Date(0) });
    const below = groupIntoBlocks([day(), ...rows]);
    const older = rowsOf(51, 100);
    const grown = groupIntoBlocks([day(), ...older, ...rows], below);
    expect(keysOf(grown)).toEqual(['day 1', ...[...older, ...rows].map(({ key }) => key)]);
    expect(grown.slice(-below.length).map(({ key }) => key)).toEqual(below.map(({ key }) => key));
    expect(grown.slice(-below.length + 1)).toEqual(below.slice(1));
  });

  it('is never out of order, whatever moves', () => {
    const mixed = [...rows.slice(40, 60), ...rowsOf(1, 3), ...rows.slice(0, 40), ...rows.slice(60)];
    expect(keysOf(groupIntoBlocks(mixed, blocks))).toEqual(mixed.map(({ key }) => key));
  });
});
