import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { MessageDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeApi } from '../../core/net/testing/fake-api';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { MESSAGE_OPENER, MessageIntake, type PlainMessage } from './message-intake';

const message = (seq: number, more: Partial<MessageDto> = {}): MessageDto => ({
  ...{ id: `m${seq}`, roomId: 'a', seq, revision: 0, authorId: 'b', authorName: 'boris', sentAt: '', editedAt: null },
  content: { type: 'text', text: `sealed ${seq}` },
  ...more,
});

describe('MessageIntake', () => {
  let realtime: FakeRealtime;
  let intake: MessageIntake;
  let handedOn: string[];
  /** The openings that are not finished, in the order in which they began. */
  let openings: { seq: number; open: () => void; fail: () => void }[];
  let api: FakeApi;
  const opening = (): number[] => openings.map(({ seq }) => seq);
  const describeMessage = ({ seq, content }: PlainMessage): string =>
    `${seq} ${content.type === 'text' ? content.text : content.type}`;
  const open = async (failing = false): Promise<void> => {
    const next = openings.shift();
    if (failing) next?.fail();
    else next?.open();
    await flushPromises();
  };

  beforeEach(() => {
    realtime = new FakeRealtime();
    [handedOn, openings, api] = [[], [], new FakeApi()];
    const opener = (wire: MessageDto): Promise<PlainMessage> =>
      new Promise((resolve, reject) =>
        openings.push({
          seq: wire.seq,
          open: () => resolve({ ...wire, content: { type: 'text', text: `opened at ${wire.revision}` } }),
          fail: () => reject(new Error('no key')),
        }),
      );
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: ApiClient, useValue: api },
        { provide: MESSAGE_OPENER, useValue: opener },
      ],
    });
    intake = TestBed.inject(MessageIntake);
    intake.posted.subscribe((m) => handedOn.push(`posted ${describeMessage(m)}`));
    intake.changed.subscribe((m) => handedOn.push(`changed ${describeMessage(m)}`));
  });

  it('hands on the messages of a room opened, in the order in which they came', async () => {
    realtime.emitServerEvent('chat:posted', message(1));
    realtime.emitServerEvent('chat:changed', message(1, { revision: 1 }));
    realtime.emitServerEvent('chat:posted', message(2));
    await flushPromises();
    expect([opening(), handedOn]).toEqual([[1], []]);
    await open();
    await open();
    await open();
    expect(handedOn).toEqual(['posted 1 opened at 0', 'changed 1 opened at 1', 'posted 2 opened at 0']);
  });

  it('lets no room wait for another', async () => {
    realtime.emitServerEvent('chat:posted', message(1));
    realtime.emitServerEvent('chat:posted', message(7, { roomId: 'b' }));
    await flushPromises();
    expect(opening()).toEqual([1, 7]);
    openings.pop()?.open();
    await flushPromises();
    expect(handedOn).toEqual(['posted 7 opened at 0']);
  });

  it('goes on after a message that could not be opened', async () => {
    const logged = jest.spyOn(console, 'error').mockReturnValueOnce();
    realtime.emitServerEvent('chat:posted', message(1));
    realtime.emitServerEvent('chat:posted', message(2));
    await flushPromises();
    await open(true);
    await open();
    expect(handedOn).toEqual(['posted 2 opened at 0']);
    expect(logged).toHaveBeenCalledTimes(1);
  });

  it('opens a page before the events that come after it', async () => {
    const page = { messages: [message(1), message(2)], lastSeq: 2, revision: 0 };
    api.answerRequest('GET /rooms/:roomId/messages', () => page);
    const pages: string[][] = [];
    void intake.loadMessages('a', { limit: 50 }).then(({ messages }) => pages.push(messages.map(describeMessage)));
    await flushPromises();
    realtime.emitServerEvent('chat:posted', message(3));
    await flushPromises();
    expect(opening()).toEqual([1]);
    await open();
    expect([opening(), pages]).toEqual([[2], []]);
    await open();
    expect([opening(), pages]).toEqual([[3], [['1 opened at 0', '2 opened at 0']]]);
    expect(api.requestsTo('GET /rooms/:roomId/messages')).toEqual([{ roomId: 'a', query: { limit: 50 } }]);
  });

  it('fails to load a page with a message that cannot be opened, and the next one not', async () => {
    const page = { messages: [message(1)], lastSeq: 1, revision: 1 };
    api.answerRequest('GET /rooms/:roomId/messages/changes', () => page);
    const failed = expect(intake.loadMessageChanges('a', 0, 100)).rejects.toThrow('no key');
    await flushPromises();
    await open(true);
    await failed;
    const loaded = intake.loadMessageChanges('a', 0, 100);
    await flushPromises();
    await open();
    expect((await loaded).revision).toBe(1);
    const request = { roomId: 'a', query: { after: 0, limit: 100 } };
    expect(api.requestsTo('GET /rooms/:roomId/messages/changes')).toEqual([request, request]);
  });
});
