import type { MessageDto, WireError } from '@webcall/contracts';
import { createTimeline, mergeIncomingMessages, type Timeline } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './faults/recovery';
import type { TestSocket } from './sockets';
import type { TestUser } from './test-app';

/** Pause between two messages, in ms. */
const PACE = 50;

/** A user who writes all the time and, like the web client, sends each message until it is acknowledged. */
export class Talker {
  /** The acknowledged messages, in order. */
  readonly acked: { id: string; seq: number }[] = [];
  /** The codes of refusals in between. */
  readonly refusals = new Set<string>();

  private talking = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly user: TestUser,
    private readonly socket: TestSocket,
    private readonly roomId: string,
  ) {
    this.done = this.talk();
  }

  /** Resolves when the last message has been acknowledged. */
  async stop(): Promise<void> {
    this.talking = false;
    await this.done;
  }

  /** All messages that this client has received as events or loaded afterwards. */
  async read(last: number): Promise<Timeline<MessageDto>> {
    let timeline = mergeIncomingMessages(createTimeline<MessageDto>(), this.socket.events('chat:posted'));
    while (timeline.last < last) {
      const { body } = await eventually(() =>
        this.user.rest.request('GET /rooms/:roomId/messages', {
          roomId: this.roomId,
          query: { after: timeline.last, limit: 100 },
        }),
      );
      timeline = mergeIncomingMessages(timeline, body.messages);
    }
    return timeline;
  }

  private async talk(): Promise<void> {
    for (let n = 0; this.talking; n++) {
      await this.post(randomUUID(), `${n} of ${this.user.username}`);
      await delay(PACE);
    }
  }

  private async post(id: string, text: string): Promise<void> {
    for (;;) {
      const ack = await this.socket.send('chat:send', { roomId: this.roomId, id, text });
      if (ack.ok) return void this.acked.push({ id, seq: (ack as { seq: number }).seq });
      this.refusals.add((ack as { error: WireError }).error.code);
      await delay(PACE);
    }
  }
}
