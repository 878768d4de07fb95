import fc from 'fast-check';
import {
  editableTextOf,
  initialReadersOf,
  isEntryContent,
  isPostedContent,
  MESSAGE_PREVIEW_LENGTH,
  type MessageContent,
  messagePreviewOf,
  type RingCallee,
  trafficSizeOf,
  withPeopleNamed,
} from './message';

const callee = (userId: string, status: RingCallee['status']): RingCallee => ({ userId, name: userId, status });
const text: MessageContent = { type: 'text', text: 'Hello' };
const sealed = { type: 'sealed' as const, keyId: 'k', device: 'd', box: 'Ym94' };
const deleted: MessageContent = { type: 'deleted' };
const call = {
  type: 'call' as const,
  callId: 'c',
  durationMs: 1,
  people: [
    { userId: 'anna', name: 'anna' },
    { userId: 'boris', name: 'boris' },
  ],
};
const settings = { type: 'settings' as const, encrypted: true as const };
const callees = [callee('boris', 'declined'), callee('clara', 'missed'), callee('dora', 'cancelled')];
const ring = { type: 'ring' as const, callId: 'c', callees };

describe('the kinds of messages', () => {
  it.each([
    { content: text, by: 'people', editable: 'Hello', preview: { type: 'text', text: 'Hello', callees: null } },
    { content: sealed, by: 'people', editable: null, preview: { type: 'sealed', text: null, callees: null } },
    { content: deleted, by: null, editable: null, preview: { type: 'deleted', text: null, callees: null } },
    { content: call, by: 'server', editable: null, preview: { type: 'call', text: null, callees: null } },
    {
      content: settings,
      by: 'server',
      editable: null,
      preview: { type: 'settings', text: null, callees: null },
    },
    { content: ring, by: 'server', editable: null, preview: { type: 'ring', text: null, callees } },
  ])('$content.type', ({ content, by, editable, preview }) => {
    expect(isPostedContent(content)).toBe(by === 'people');
    expect(isEntryContent(content)).toBe(by === 'server');
    expect(editableTextOf(content)).toBe(editable);
    expect(messagePreviewOf(content)).toEqual(preview);
  });

  it.each([
    { content: text, readers: ['anna'], onlyIfCaughtUp: false },
    { content: sealed, readers: ['anna'], onlyIfCaughtUp: false },
    { content: deleted, readers: ['anna'], onlyIfCaughtUp: false },
    { content: call, readers: ['anna', 'anna', 'boris'], onlyIfCaughtUp: true },
    { content: settings, readers: ['anna'], onlyIfCaughtUp: true },
    { content: ring, readers: ['anna', 'boris'], onlyIfCaughtUp: true },
  ])('$content.type counts as read for those who know of it', ({ content, readers, onlyIfCaughtUp }) => {
    expect(initialReadersOf(content, 'anna')).toEqual({ userIds: readers, onlyIfCaughtUp });
    expect(initialReadersOf(content, null)).toEqual({ userIds: readers.slice(1), onlyIfCaughtUp });
  });

  it.each([
    { content: text, after: text },
    { content: sealed, after: sealed },
    { content: deleted, after: deleted },
    { content: call, after: { ...call, people: [call.people[0], { userId: 'boris', name: 'bob' }] } },
    { content: settings, after: settings },
    { content: ring, after: { ...ring, callees: [{ ...callees[0], name: 'bob' }, ...callees.slice(1)] } },
  ])('$content.type gives its people other names', ({ content, after }) => {
    expect(withPeopleNamed(content, ({ name }) => (name === 'boris' ? 'bob' : name))).toEqual(after);
    expect(withPeopleNamed(content, ({ name }) => name)).toBe(content);
  });

  it('counts a text by its length, and a sealed message by that of its box', () => {
    expect(trafficSizeOf({ type: 'text', text: 'Hello' })).toBe(5);
    expect(trafficSizeOf(sealed)).toBe(4);
  });

  it('shows the beginning of a text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (long) => {
        const { text: shown } = messagePreviewOf({ type: 'text', text: long });
        expect(long.startsWith(shown ?? '?')).toBe(true);
        expect(shown?.length).toBe(Math.min(long.length, MESSAGE_PREVIEW_LENGTH));
      }),
    );
  });
});
