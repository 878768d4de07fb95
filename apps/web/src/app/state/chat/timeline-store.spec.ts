import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { MessageDto, MessagesDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { Session } from '../../core/session/session';
import { FakeHistory, historyMessage as message } from './testing/fake-history';
import { TimelineStore } from './timeline-store';

describe('TimelineStore', () => {
  let api: FakeHistory;
  let realtime: FakeRealtime;
  let store: TimelineStore;
  const seqs = () => store.timeline().messages.map((m) => m.seq);
  const range = () => [seqs()[0], seqs().at(-1), seqs().length];
  const textOf = (seq: number) => {
    const content = store.timeline().messages.find((m) => m.seq === seq)?.content;
    return content?.type === 'text' ? content.text : content?.type;
  };
  const post = async (posted: MessageDto): Promise<void> => {
    realtime.emitServerEvent('chat:posted', posted);
    await flushPromises();
  };
  const change = async (changed: MessageDto): Promise<void> => {
    realtime.emitServerEvent('chat:changed', changed);
    await flushPromises();
  };
  /** Answers one request with a page from before something else happened. */
  const answerLate = (page: MessagesDto, meanwhile: () => void): void => {
    jest.spyOn(api, 'sendRequest').mockImplementationOnce(async () => {
      meanwhile();
      return page;
    });
  };

  beforeEach(() => {
    localStorage.clear();
    api = new FakeHistory();
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
    api.fillMessages(120);
    await store.syncRoomMessages(api.currentChatState());
    expect(range()).toEqual([71, 120, 50]);
    await store.loadOlderMessages();
    expect(range()).toEqual([41, 120, 80]);
    while (store.hasOlder()) await store.loadOlderMessages();
    expect(range()).toEqual([1, 120, 120]);
    expect(store.hasOlder()).toBe(false);
  });

  it('opens at the read position when there are many new messages, and pages forward', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState({ readSeq: 100, unread: 300 }));
    expect(range()).toEqual([76, 175, 100]);
    expect(store.live()).toBe(false);
    await post(api.addPostedMessage());
    expect(range()).toEqual([76, 175, 100]);
    expect(store.lastSeq()).toBe(401);
    await store.loadNewerMessages();
    expect(range()).toEqual([76, 205, 130]);
    while (!store.live()) await store.loadNewerMessages();
    expect(range()).toEqual([76, 401, 326]);
    expect(store.live()).toBe(true);
  });

  it('jumps to the latest', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState({ readSeq: 100, unread: 300 }));
    await store.jumpToLatest();
    expect(range()).toEqual([351, 400, 50]);
  });

  it('keeps the messages around what is seen, and loads the dropped ones again', async () => {
    api.fillMessages(1000);
    await store.syncRoomMessages(api.currentChatState());
    const scrollTo = async (seq: number): Promise<void> => {
      store.dropMessagesFarFrom(seq, seq + 20);
      if (seq - store.timeline().first < 30) await store.loadOlderMessages();
      if (store.timeline().last - seq < 50) await store.loadNewerMessages();
    };
    let most = 0;
    const scroll = async (from: number, to: number): Promise<void> => {
      for (let seq = from; seq !== to; seq += Math.sign(to - from)) {
        await scrollTo(seq);
        most = Math.max(most, seqs().length);
      }
    };
    await scroll(980, 1);
    expect(range()).toEqual([1, expect.any(Number), expect.any(Number)]);
    expect([store.live(), store.following()]).toEqual([false, false]);
    await post(api.addPostedMessage());
    expect(store.lastSeq()).toBe(1001);
    await scroll(1, 981);
    expect([store.live(), store.following()]).toEqual([true, true]);
    await post(api.addPostedMessage());
    expect(seqs().at(-1)).toBe(1002);
    expect(most).toBeLessThan(330);
  });

  it('has the newest form of a message that was changed while it was dropped', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState());
    while (store.hasOlder()) await store.loadOlderMessages();
    store.dropMessagesFarFrom(1, 20);
    expect(range()).toEqual([1, 120, 120]);
    await change(api.changeMessage(130, 'edited'));
    await store.loadNewerMessages();
    expect(range()).toEqual([1, 150, 150]);
    expect(textOf(130)).toBe('edited');
  });

  it('drops nothing while less than a page is far from what is seen', async () => {
    api.fillMessages(250);
    await store.syncRoomMessages(api.currentChatState());
    while (store.hasOlder()) await store.loadOlderMessages();
    store.dropMessagesFarFrom(130, 149);
    expect(range()).toEqual([1, 250, 250]);
    store.dropMessagesFarFrom(131, 150);
    expect(range()).toEqual([31, 250, 220]);
  });

  it('drops nothing of a part that the page does not show yet', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState({ readSeq: 100, unread: 300 }));
    await store.jumpToLatest();
    store.dropMessagesFarFrom(100, 120);
    expect([range(), store.following()]).toEqual([[351, 400, 50], true]);
  });

  it('leaves out a page whose neighbours were dropped while it was on its way', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState());
    while (store.hasOlder()) await store.loadOlderMessages();
    const newer = api.addPostedMessage();
    store.dropMessagesFarFrom(200, 220);
    answerLate({ messages: api.messages.slice(320), lastSeq: newer.seq, revision: 0 }, () => {
      store.dropMessagesFarFrom(120, 140);
    });
    await store.loadNewerMessages();
    expect(range()).toEqual([100, 240, 141]);
    await store.loadNewerMessages();
    expect(range()).toEqual([100, 270, 171]);
  });

  it('does not keep a message on its way that was stored beyond what is loaded', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState());
    realtime.answerCommand('chat:send', () => ({ seq: 401 }));
    store.sendChatMessage('hello');
    while (store.hasOlder()) await store.loadOlderMessages();
    store.dropMessagesFarFrom(1, 20);
    await post({ ...message(401, 'hello'), id: store.pending()[0]!.id });
    expect(store.pending()).toEqual([]);
  });

  it('goes on at the end when a message came during the jump', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState({ readSeq: 100, unread: 300 }));
    const page = { messages: api.messages.slice(350), lastSeq: 400, revision: 0 };
    answerLate(page, () => {
      realtime.emitServerEvent('chat:posted', api.addPostedMessage());
    });
    await store.jumpToLatest();
    expect(range()).toEqual([351, 401, 51]);
    await post(api.addPostedMessage());
    expect(range()).toEqual([351, 402, 52]);
  });

  it('does not jump while it is catching up', async () => {
    api.fillMessages(80);
    await store.syncRoomMessages(api.currentChatState());
    await store.loadOlderMessages();
    api.addPostedMessage();
    const catchingUp = store.syncRoomMessages(api.currentChatState());
    await store.jumpToLatest();
    await catchingUp;
    expect(range()).toEqual([1, 81, 81]);
  });

  it('shows messages once and in order, and fetches what is missing in a gap', async () => {
    api.fillMessages(3);
    await store.syncRoomMessages(api.currentChatState());
    const [four, five, six] = [api.addPostedMessage(), api.addPostedMessage(), api.addPostedMessage()];
    await post(four);
    await post(four);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    await post(six);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    await post(five);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('fetches newer messages and changes after a reconnect', async () => {
    api.fillMessages(3);
    await store.syncRoomMessages(api.currentChatState());
    api.addPostedMessage();
    api.changeMessage(2, 'edited meanwhile');
    api.requests.length = 0;
    await store.syncRoomMessages(api.currentChatState());
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(textOf(2)).toBe('edited meanwhile');
    expect(api.requests).toEqual(['messages/changes {"after":0}', 'messages {"after":3}']);
  });

  it('applies edits and deletions, and fetches missed ones', async () => {
    api.fillMessages(3);
    await store.syncRoomMessages(api.currentChatState());
    await change(api.changeMessage(1, 'first'));
    expect(textOf(1)).toBe('first');
    api.changeMessage(2, 'never announced');
    await change(api.changeMessage(3, 'third'));
    expect(textOf(3)).toBe('third');
    expect(textOf(2)).toBe('never announced');
    const deleted: MessageDto = { ...api.changeMessage(1, ''), content: { type: 'deleted' } };
    await change(deleted);
    expect(textOf(1)).toBe('deleted');
  });

  it('does not let an old page undo a change that came while the page was on its way', async () => {
    api.fillMessages(80);
    await store.syncRoomMessages(api.currentChatState());
    const page = { messages: api.messages.slice(0, 30), lastSeq: 80, revision: 0 };
    answerLate(page, () => {
      realtime.emitServerEvent('chat:changed', api.changeMessage(10, 'changed'));
    });
    await store.loadOlderMessages();
    expect(range()).toEqual([1, 80, 80]);
    expect(textOf(10)).toBe('changed');
  });

  it('ignores other rooms', async () => {
    api.fillMessages(1);
    await store.syncRoomMessages(api.currentChatState());
    await post({ ...message(2), roomId: 'another' });
    expect(store.lastSeq()).toBe(1);
  });

  it('reports that it could not load, and loads at the next chance', async () => {
    api.fillMessages(2);
    api.failure = new ApiError('offline', '');
    await store.syncRoomMessages(api.currentChatState());
    expect(store.state()).toBe('error');
    expect(store.trouble()).toBe('offline');
    api.failure = null;
    await store.syncRoomMessages(api.currentChatState());
    expect(store.state()).toBe('ready');
    expect(seqs()).toEqual([1, 2]);
  });

  it('retries by itself after a failed load and for missed messages', async () => {
    jest.useFakeTimers();
    api.fillMessages(2);
    api.failure = new ApiError('unavailable', '');
    await store.syncRoomMessages(api.currentChatState());
    expect(store.state()).toBe('error');
    api.failure = null;
    await jest.advanceTimersByTimeAsync(2000);
    expect(seqs()).toEqual([1, 2]);
    api.failure = new ApiError('offline', '');
    api.addPostedMessage();
    api.changeMessage(1, 'edited meanwhile');
    await store.syncRoomMessages(api.currentChatState());
    await post(api.addPostedMessage());
    await jest.advanceTimersByTimeAsync(10_000);
    expect(seqs()).toEqual([1, 2]);
    expect(store.trouble()).toBe('offline');
    api.failure = null;
    await jest.advanceTimersByTimeAsync(15_000);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(textOf(1)).toBe('edited meanwhile');
    expect(store.trouble()).toBeUndefined();
    const requestCount = api.requests.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(api.requests).toHaveLength(requestCount);
    jest.useRealTimers();
  });

  it('has trouble at the end that could not be loaded, until a request succeeds', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState({ readSeq: 100, unread: 300 }));
    const troubles = () => [store.hasTroubleAt('older'), store.hasTroubleAt('newer')];
    api.failure = new ApiError('offline', '');
    await store.loadNewerMessages();
    expect(troubles()).toEqual([false, true]);
    await store.loadOlderMessages();
    expect(troubles()).toEqual([true, true]);
    api.failure = null;
    await store.loadOlderMessages();
    expect(troubles()).toEqual([false, false]);
  });

  it('does not retry a request that will be refused again', async () => {
    jest.useFakeTimers();
    api.failure = new ApiError('forbidden', '');
    await store.syncRoomMessages(api.currentChatState());
    expect(store.trouble()).toBe('forbidden');
    await jest.advanceTimersByTimeAsync(6000);
    expect(api.requests).toHaveLength(1);
    jest.useRealTimers();
  });

  it('applies a change that came while the first page was on its way', async () => {
    api.fillMessages(3);
    const page = { messages: [...api.messages], lastSeq: 3, revision: 0 };
    answerLate(page, () => {
      realtime.emitServerEvent('chat:changed', api.changeMessage(2, 'changed'));
    });
    await store.syncRoomMessages({ ...api.currentChatState(), revision: 0 });
    expect(textOf(2)).toBe('changed');
  });

  it('loses no change that came while earlier changes were on their way', async () => {
    api.fillMessages(3);
    const page = { messages: [...api.messages], lastSeq: 3, revision: 0 };
    answerLate(page, () => {
      realtime.emitServerEvent('chat:changed', api.changeMessage(1, 'first'));
    });
    answerLate({ messages: [message(1, 'first', 1)], lastSeq: 3, revision: 1 }, () => {
      realtime.emitServerEvent('chat:changed', api.changeMessage(2, 'second'));
    });
    await store.syncRoomMessages({ ...api.currentChatState(), revision: 0 });
    expect([textOf(1), textOf(2)]).toEqual(['first', 'second']);
  });

  it('fetches the changes of a page that came late', async () => {
    jest.useFakeTimers();
    api.fillMessages(80);
    await store.syncRoomMessages(api.currentChatState());
    const page = { messages: api.messages.slice(0, 30), lastSeq: 80, revision: 0 };
    answerLate(page, () => {
      realtime.emitServerEvent('chat:changed', api.changeMessage(10, 'changed'));
      api.failure = new ApiError('offline', '');
    });
    await store.loadOlderMessages();
    expect(textOf(10)).toBe('text 10');
    api.failure = null;
    await jest.advanceTimersByTimeAsync(2000);
    expect(textOf(10)).toBe('changed');
    jest.useRealTimers();
  });

  it('leaves new messages to the scrolling reader, also when a change was missed', async () => {
    api.fillMessages(400);
    await store.syncRoomMessages(api.currentChatState({ readSeq: 100, unread: 300 }));
    api.changeMessage(80, 'never announced');
    await change(api.changeMessage(90, 'told'));
    expect([textOf(80), textOf(90), seqs().at(-1)]).toEqual(['never announced', 'told', 175]);
  });

  it('shows a sent message as pending until the room has it', async () => {
    await store.syncRoomMessages(api.currentChatState());
    realtime.answerCommand('chat:send', () => ({ seq: 1 }));
    store.sendChatMessage('hello');
    const [entry] = store.pending();
    expect(entry).toMatchObject({ text: 'hello', state: 'pending' });
    await flushPromises();
    expect(store.pending()[0]?.state).toBe('sent');
    await post({ ...message(1, 'hello'), id: entry?.id ?? '' });
    TestBed.tick();
    expect(store.pending()).toEqual([]);
    expect(seqs()).toEqual([1]);
  });
});
