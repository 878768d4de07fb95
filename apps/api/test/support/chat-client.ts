import type { MessageDto } from '@webcall/contracts';
import { createTimeline, hasTimelineGap, mergeIncomingMessages, type Timeline } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { TestSocket } from './sockets';
import type { TestUser } from './test-app';

/** How many messages a client has in flight at once. */
const IN_FLIGHT = 8;

/** Percentage of commands that a client sends at the moment when its connection breaks. */
const CUT_PERCENT = 4;

/** A client that writes to a room and reads it like the web client, over a network that breaks all the time. */
export class ChatClient {
  timeline: Timeline<MessageDto> = createTimeline();
  cuts = 0;

  private socket: Promise<TestSocket> | undefined;
  private syncing: Promise<void> | undefined;
  private turn = 0;
  private readonly waiting = new Set<() => void>();

  /**
   * @param urls the servers that it connects to in turn
   * @param random returns numbers from 0 to 1
   */
  constructor(
    private readonly user: TestUser,
    private readonly roomId: string,
    private readonly urls: readonly string[],
    private readonly random: () => number,
  ) {}

  /** Posts all texts, retrying each until it is acknowledged. */
  async post(texts: readonly string[]): Promise<void> {
    const queue = [...texts];
    const work = async (): Promise<void> => {
      for (let text = queue.shift(); text !== undefined; text = queue.shift()) await this.postOne(text);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  }

  /** Resolves when all messages up to a number have arrived. */
  async reads(last: number): Promise<void> {
    await this.online();
    while (this.timeline.last < last) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  async close(): Promise<void> {
    const socket = await this.socket;
    this.socket = undefined;
    socket?.raw.off('disconnect');
    socket?.close();
  }

  private async postOne(text: string): Promise<void> {
    const id = randomUUID();
    for (;;) {
      const socket = await this.online();
      const answer = socket.send('chat:send', { roomId: this.roomId, id, text });
      if (this.random() * 100 < CUT_PERCENT) {
        this.cuts++;
        socket.cut();
      }
      const ack = await answer.catch(() => undefined);
      if (ack?.ok) return;
      if (ack) throw new Error(JSON.stringify(ack));
    }
  }

  private online(): Promise<TestSocket> {
    this.socket ??= this.connect();
    return this.socket;
  }

  private async connect(): Promise<TestSocket> {
    const url = this.urls[this.turn++ % this.urls.length] as string;
    const socket = await TestSocket.connect(url, this.user.rest.token);
    socket.raw.on('chat:posted', (message: MessageDto) => {
      this.take([message]);
      if (hasTimelineGap(this.timeline)) void this.sync();
    });
    socket.raw.on('disconnect', () => {
      this.socket = undefined;
      // A client that only reads has to reconnect without a command.
      if (this.waiting.size > 0) void this.online();
    });
    await this.sync();
    return socket;
  }

  /** Loads the messages after the last known number, one request at a time. */
  private sync(): Promise<void> {
    this.syncing ??= this.catchUp().finally(() => (this.syncing = undefined));
    return this.syncing;
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const { messages, lastSeq } = (
        await this.user.rest.request('GET /rooms/:roomId/messages', {
          roomId: this.roomId,
          query: { after: this.timeline.last, limit: 100 },
        })
      ).body;
      this.take(messages);
      if (this.timeline.last >= lastSeq && !hasTimelineGap(this.timeline)) return;
    }
  }

  private take(messages: readonly MessageDto[]): void {
    this.timeline = mergeIncomingMessages(this.timeline, messages);
    for (const go of this.waiting) go();
    this.waiting.clear();
  }
}
