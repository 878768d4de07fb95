import type { MessageDto, MessagesDto, MessagesQueryDto } from '@webcall/contracts';
import type { ApiError } from '../../../core/net/api-error';
import type { RoomChatState } from '../timeline-store';

const ROOM = 'room';
/** A message of the history, by its number. */
export const historyMessage = (seq: number, text = `text ${seq}`, revision = 0): MessageDto => ({
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

/** Replaces ApiClient in tests: holds the history and answers pages as the API does. */
export class FakeHistory {
  messages: MessageDto[] = [];
  revision = 0;
  failure: ApiError | null = null;
  readonly requests: string[] = [];

  async sendRequest(
    route: 'GET /rooms/:roomId/messages' | 'GET /rooms/:roomId/messages/changes',
    { query: { after, before, limit = 50 } }: { query: MessagesQueryDto },
  ) {
    this.requests.push(`${route.split('/').slice(3).join('/')} ${JSON.stringify({ after, before })}`);
    await Promise.resolve();
    if (this.failure) throw this.failure;
    const all = this.messages;
    const changes = route.endsWith('/changes');
    const found = changes
      ? all.filter((m) => m.revision > (after ?? 0)).sort((a, b) => a.revision - b.revision)
      : after !== undefined
        ? all.filter((m) => m.seq > after)
        : all.filter((m) => before === undefined || m.seq < before).slice(-limit);
    return { messages: found.slice(0, limit), lastSeq: all.length, revision: this.revision } satisfies MessagesDto;
  }

  fillMessages(count: number): void {
    this.messages = Array.from({ length: count }, (_, i) => historyMessage(i + 1));
  }

  changeMessage(seq: number, text: string): MessageDto {
    this.revision += 1;
    const changed = historyMessage(seq, text, this.revision);
    this.messages[seq - 1] = changed;
    return changed;
  }

  addPostedMessage(): MessageDto {
    const posted = historyMessage(this.messages.length + 1);
    this.messages.push(posted);
    return posted;
  }

  currentChatState(more: Partial<RoomChatState> = {}): RoomChatState {
    const lastSeq = this.messages.length;
    return { id: ROOM, lastSeq, revision: this.revision, readSeq: lastSeq, unread: 0, ...more };
  }
}
