import { randomUUID } from 'node:crypto';
import type { MessageDto, MessagesDto } from '@webcall/contracts';
import { emptyTimeline, hasGap, receive, type Timeline } from '@webcall/domain';
import { TestSocket } from './sockets';
import type { TestUser } from './test-app';

/** How many messages a client has on their way at once. */
const IN_FLIGHT = 8;

/** How many of its commands a client sends into a connection that breaks in the same moment, out of a hundred. */
const CUT_PERCENT = 4;

/** Writes to a room and reads it as the web client does, over a network that breaks all the time. */
export class ChatClient {
  timeline: Timeline<MessageDto> = emptyTimeline();
  cuts = 0;

  private socket: Promise<TestSocket> | undefined;
  private syncing: Promise<void> | undefined;
  private turn = 0;
  private readonly waiting = new Set<() => void>();

  /**
   * @param urls the servers that it connects to in turn
   * @param random gives numbers from 0 to 1
   */
  constructor(
    private readonly user: TestUser,
    private readonly roomId: string,
    private readonly urls: readonly string[],
    private readonly random: () => number,
  ) {}

  /** Posts all of the texts, each of them for as long as it takes. */
  async post(texts: readonly string[]): Promise<void> {
    const queue = [...texts];
    const work = async (): Promise<void> => {
      for (let text = queue.shift(); text !== undefined; text = queue.shift()) await this.postOne(text);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  }

  /** Resolves when everything up to a number is there. */
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
      if (hasGap(this.timeline)) void this.sync();
    });
    socket.raw.on('disconnect', () => {
      this.socket = undefined;
      // Somebody who only reads comes back by themselves.
      if (this.waiting.size > 0) void this.online();
    });
    await this.sync();
    return socket;
  }

  /** Asks for what is after the last number that is there, one time after the other. */
  private sync(): Promise<void> {
    this.syncing ??= this.catchUp().finally(() => (this.syncing = undefined));
    return this.syncing;
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const path = `/rooms/${this.roomId}/messages?after=${this.timeline.last}&limit=100`;
      const { messages, lastSeq } = (await this.user.rest.get(path)).body as MessagesDto;
      this.take(messages);
      if (this.timeline.last >= lastSeq && !hasGap(this.timeline)) return;
    }
  }

  private take(messages: readonly MessageDto[]): void {
    this.timeline = receive(this.timeline, messages);
    for (const go of this.waiting) go();
    this.waiting.clear();
  }
}
