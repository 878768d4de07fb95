import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import type { MessageDto, MessagesDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { FakeRealtime, settled } from '../../core/net/testing/fake-realtime';
import { TimelineStore, type Standing } from './timeline-store';

const ROOM = 'room';
const message = (seq: number, text = `text ${seq}`, revision = 0): MessageDto => ({
  id: `m${seq}`,
  roomId: ROOM,
  seq,
  revision,
  authorId: 'other',
  authorName: 'boris',
  sentAt: '2026-11-22T10:00:00.000Z',
  editedAt: null,
  content: { type: 'text', text },
});

/** The server's side of history: answers pages as the api does. */
class FakeApi {
  messages: MessageDto[] = [];
  revision = 0;
  failure: ApiError | null = null;
  readonly asked: string[] = [];

  async get(path: string, { after, before, limit = 50 }: { after?: number; before?: number; limit?: number } = {}) {
    this.asked.push(`${path.split('/').slice(3).join('/')} ${JSON.stringify({ after, before })}`);
    await Promise.resolve();
    if (this.failure) throw this.failure;
    const all = this.messages;
    const changes = path.endsWith('/changes');
    const found = changes
      ? all.filter((m) => m.revision > (after ?? 0)).sort((a, b) => a.revision - b.revision)
      : after !== undefined
        ? all.filter((m) => m.seq > after)
        : all.filter((m) => before === undefined || m.seq < before).slice(-limit);
    return { messages: found.slice(0, limit), lastSeq: all.length, revision: this.revision } satisfies MessagesDto;
  }

  fill(count: number): void {
    this.messages = Array.from({ length: count }, (_, i) => message(i + 1));
  }

  change(seq: number, text: string): MessageDto {
    this.revision += 1;
    const changed = message(seq, text, this.revision);
    this.messages[seq - 1] = changed;
    return changed;
  }

  post(): MessageDto {
    const posted = message(this.messages.length + 1);
    this.messages.push(posted);
    return posted;
  }

  standing(more: Partial<Standing> = {}): Standing {
    const lastSeq = this.messages.length;
    return { id: ROOM, lastSeq, revision: this.revision, readSeq: lastSeq, unread: 0, ...more };
  }
}

describe('TimelineStore', () => {
  let api: FakeApi;
  let realtime: FakeRealtime;
  let store: TimelineStore;
  const seqs = () => store.timeline().messages.map((m) => m.seq);
  const range = () => [seqs()[0], seqs().at(-1), seqs().length];
  const textOf = (seq: number) => {
    const content = store.timeline().messages.find((m) => m.seq === seq)?.content;
    return content?.type === 'text' ? content.text : content?.type;
  };
  /** Answers one question with what was true before something else happened. */
  const answerLate = (page: MessagesDto, meanwhile: () => void): void => {
    jest.spyOn(api, 'get').mockImplementationOnce(async () => {
      meanwhile();
      return page;
    });
  };

  beforeEach(() => {
    localStorage.clear();
    api = new FakeApi();
    realtime = new FakeRealtime();
    TestBed.configureTestingModule({
      providers: [
        TimelineStore,
        { provide: ApiClient, useValue: api },
        { provide: RealtimeClient, useValue: realtime },
        { provide: Session, useValue: { user: () => ({ id: 'me', username: 'anna' }) } },
      ],
    });
    store = TestBed.inject(TimelineStore);
  });

  it('opens at the end and pages back to the beginning', async () => {
    api.fill(120);
    await store.sync(api.standing());
    expect(range()).toEqual([71, 120, 50]);
    await store.loadOlder();
    await store.loadOlder();
    expect(range()).toEqual([1, 120, 120]);
    expect(store.hasOlder()).toBe(false);
  });

  it('opens around what was read when much is new, and pages forward', async () => {
    api.fill(400);
    await store.sync(api.standing({ readSeq: 100, unread: 300 }));
    expect(range()).toEqual([76, 175, 100]);
    expect(store.live()).toBe(false);
    realtime.emit('chat:posted', api.post());
    expect(range()).toEqual([76, 175, 100]);
    expect(store.lastSeq()).toBe(401);
    for (let i = 0; i < 3; i += 1) await store.loadNewer();
    expect(range()).toEqual([76, 401, 326]);
    expect(store.live()).toBe(true);
  });

  it('shows what was written before under the name that its author has now', async () => {
    api.fill(120);
    await store.sync(api.standing());
    const { authorId } = store.timeline().messages[0] ?? {};
    const member = { userId: authorId as string, name: 'renamed', role: 'member', joinedAt: '' } as const;
    realtime.emit('room:changed', { roomId: 'r', change: { type: 'member_changed', member } });
    // A page from before the event, too.
    await store.loadOlder();
    const authors = store.timeline().messages.filter((m) => m.authorId === authorId);
    expect(new Set(authors.map((m) => m.authorName))).toEqual(new Set(['renamed']));
  });

  it('jumps to the latest', async () => {
    api.fill(400);
    await store.sync(api.standing({ readSeq: 100, unread: 300 }));
    await store.jumpToLatest();
    expect(range()).toEqual([351, 400, 50]);
  });

  it('goes on at the end when something came while it jumped there', async () => {
    api.fill(400);
    await store.sync(api.standing({ readSeq: 100, unread: 300 }));
    const page = { messages: api.messages.slice(350), lastSeq: 400, revision: 0 };
    answerLate(page, () => {
      realtime.emit('chat:posted', api.post());
    });
    await store.jumpToLatest();
    expect(range()).toEqual([351, 401, 51]);
    realtime.emit('chat:posted', api.post());
    expect(range()).toEqual([351, 402, 52]);
  });

  it('does not jump from what it is about to catch up with', async () => {
    api.fill(100);
    await store.sync(api.standing());
    await store.loadOlder();
    api.post();
    const catchingUp = store.sync(api.standing());
    await store.jumpToLatest();
    await catchingUp;
    expect(range()).toEqual([1, 101, 101]);
  });

  it('takes messages once and in order, and fills a gap by asking', async () => {
    api.fill(3);
    await store.sync(api.standing());
    const [four, five, six] = [api.post(), api.post(), api.post()];
    realtime.emit('chat:posted', four);
    realtime.emit('chat:posted', four);
    realtime.emit('chat:posted', six);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    await settled();
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    realtime.emit('chat:posted', five);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('asks after a reconnect for what is after the last one, and for what was changed', async () => {
    api.fill(3);
    await store.sync(api.standing());
    api.post();
    api.change(2, 'edited meanwhile');
    api.asked.length = 0;
    await store.sync(api.standing());
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(textOf(2)).toBe('edited meanwhile');
    expect(api.asked).toEqual(['messages/changes {"after":0}', 'messages {"after":3}']);
  });

  it('takes edits and deletions, and asks when one was missed', async () => {
    api.fill(3);
    await store.sync(api.standing());
    realtime.emit('chat:changed', api.change(1, 'first'));
    expect(textOf(1)).toBe('first');
    api.change(2, 'never announced');
    realtime.emit('chat:changed', api.change(3, 'third'));
    expect(textOf(3)).toBe('third');
    await settled();
    expect(textOf(2)).toBe('never announced');
    const deleted: MessageDto = { ...api.change(1, ''), content: { type: 'deleted' } };
    realtime.emit('chat:changed', deleted);
    expect(textOf(1)).toBe('deleted');
  });

  it('does not let an old page undo a change that was told while the page was on its way', async () => {
    api.fill(80);
    await store.sync(api.standing());
    const page = { messages: api.messages.slice(0, 30), lastSeq: 80, revision: 0 };
    answerLate(page, () => {
      realtime.emit('chat:changed', api.change(10, 'changed'));
    });
    await store.loadOlder();
    expect(range()).toEqual([1, 80, 80]);
    expect(textOf(10)).toBe('changed');
  });

  it('ignores other rooms', async () => {
    api.fill(1);
    await store.sync(api.standing());
    realtime.emit('chat:posted', { ...message(2), roomId: 'another' });
    expect(store.lastSeq()).toBe(1);
  });

  it('says when it could not load, and loads at the next chance', async () => {
    api.fill(2);
    api.failure = new ApiError('offline', '');
    await store.sync(api.standing());
    expect(store.state()).toBe('error');
    expect(store.trouble()).toBe('offline');
    api.failure = null;
    await store.sync(api.standing());
    expect(store.state()).toBe('ready');
    expect(seqs()).toEqual([1, 2]);
  });

  it('tries again by itself what it could not load and what it missed', async () => {
    jest.useFakeTimers();
    api.fill(2);
    api.failure = new ApiError('unavailable', '');
    await store.sync(api.standing());
    expect(store.state()).toBe('error');
    api.failure = null;
    await jest.advanceTimersByTimeAsync(2000);
    expect(seqs()).toEqual([1, 2]);
    api.failure = new ApiError('offline', '');
    api.post();
    api.change(1, 'edited meanwhile');
    await store.sync(api.standing());
    realtime.emit('chat:posted', api.post());
    await jest.advanceTimersByTimeAsync(10_000);
    expect(seqs()).toEqual([1, 2]);
    expect(store.trouble()).toBe('offline');
    api.failure = null;
    await jest.advanceTimersByTimeAsync(15_000);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(textOf(1)).toBe('edited meanwhile');
    expect(store.trouble()).toBeUndefined();
    const asked = api.asked.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(api.asked).toHaveLength(asked);
    jest.useRealTimers();
  });

  it('does not try again what will be refused again', async () => {
    jest.useFakeTimers();
    api.failure = new ApiError('forbidden', '');
    await store.sync(api.standing());
    expect(store.trouble()).toBe('forbidden');
    await jest.advanceTimersByTimeAsync(6000);
    expect(api.asked).toHaveLength(1);
    jest.useRealTimers();
  });

  it('takes a change that was told while the first page was on its way', async () => {
    api.fill(3);
    const page = { messages: [...api.messages], lastSeq: 3, revision: 0 };
    answerLate(page, () => {
      realtime.emit('chat:changed', api.change(2, 'changed'));
    });
    await store.sync({ ...api.standing(), revision: 0 });
    expect(textOf(2)).toBe('changed');
  });

  it('loses no change that was told while those before were on their way', async () => {
    api.fill(3);
    const page = { messages: [...api.messages], lastSeq: 3, revision: 0 };
    answerLate(page, () => {
      realtime.emit('chat:changed', api.change(1, 'first'));
    });
    answerLate({ messages: [message(1, 'first', 1)], lastSeq: 3, revision: 1 }, () => {
      realtime.emit('chat:changed', api.change(2, 'second'));
    });
    await store.sync({ ...api.standing(), revision: 0 });
    expect([textOf(1), textOf(2)]).toEqual(['first', 'second']);
  });

  it('fetches in the end what was changed in a page that came late', async () => {
    jest.useFakeTimers();
    api.fill(80);
    await store.sync(api.standing());
    const page = { messages: api.messages.slice(0, 30), lastSeq: 80, revision: 0 };
    answerLate(page, () => {
      realtime.emit('chat:changed', api.change(10, 'changed'));
      api.failure = new ApiError('offline', '');
    });
    await store.loadOlder();
    expect(textOf(10)).toBe('text 10');
    api.failure = null;
    await jest.advanceTimersByTimeAsync(2000);
    expect(textOf(10)).toBe('changed');
    jest.useRealTimers();
  });

  it('leaves what is new below to the scrolling reader, also when a change was missed', async () => {
    api.fill(400);
    await store.sync(api.standing({ readSeq: 100, unread: 300 }));
    api.change(80, 'never announced');
    realtime.emit('chat:changed', api.change(90, 'told'));
    await settled();
    expect([textOf(80), textOf(90), seqs().at(-1)]).toEqual(['never announced', 'told', 175]);
  });

  it('shows what was sent until the room has it', async () => {
    await store.sync(api.standing());
    realtime.answer('chat:send', () => ({ seq: 1 }));
    store.send('hello');
    const [entry] = store.pending();
    expect(entry).toMatchObject({ text: 'hello', state: 'pending' });
    await settled();
    expect(store.pending()[0]?.state).toBe('sent');
    realtime.emit('chat:posted', { ...message(1, 'hello'), id: entry?.id ?? '' });
    TestBed.tick();
    expect(store.pending()).toEqual([]);
    expect(seqs()).toEqual([1]);
  });
});
