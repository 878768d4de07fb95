import { inject, Injectable, InjectionToken } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { KeyedMutex } from '@webcall/base';
import type { MessageDto, MessagesDto } from '@webcall/contracts';
import type { MessageContent } from '@webcall/domain';
import { type Observable, Subject } from 'rxjs';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';

/** A message as this device can show it, however it went over the wire. */
export interface PlainMessage extends Omit<MessageDto, 'content'> {
  content: MessageContent;
}

/** A part of a room's messages, ascending by number. */
export interface MessagePage extends Omit<MessagesDto, 'messages'> {
  messages: readonly PlainMessage[];
}

/** Which part of the messages to load: the newest ones without `after` and `before`. */
export interface MessageRange {
  after?: number;
  before?: number;
  limit: number;
}

/**
 * Makes a plain message of its wire form. It may take its time, and ought not to fail: a message that cannot be opened
 * here is a plain message too, one that says so. An opening that fails all the same is like a lost event: the timeline
 * finds the gap and loads the message again.
 */
type MessageOpener = (message: MessageDto) => PlainMessage | Promise<PlainMessage>;

/** To be replaced when messages are more than plain text on the wire. */
export const MESSAGE_OPENER = new InjectionToken<MessageOpener>('MESSAGE_OPENER', {
  providedIn: 'root',
  factory: () => (message) => message,
});

/**
 * Where messages come into the client: by events and in pages. It alone knows their wire form, opens each and hands on
 * plain messages. The messages of a room are opened one after the other, in the order in which they came, so that no
 * edit overtakes its message; other rooms do not wait for them.
 */
@Injectable({ providedIn: 'root' })
export class MessageIntake {
  private readonly api = inject(ApiClient);
  private readonly open = inject(MESSAGE_OPENER);
  private readonly postedMessages = new Subject<PlainMessage>();
  private readonly changedMessages = new Subject<PlainMessage>();
  private readonly locks = new KeyedMutex<string>();

  /** Each message that is posted, by whomever, in any room of the user. */
  readonly posted: Observable<PlainMessage> = this.postedMessages.asObservable();
  /** Each message that is edited or deleted, as it is now. */
  readonly changed: Observable<PlainMessage> = this.changedMessages.asObservable();

  constructor() {
    const realtime = inject(RealtimeClient);
    realtime
      .observeEvents('chat:posted')
      .pipe(takeUntilDestroyed())
      .subscribe((message) => void this.takeInMessage(message, this.postedMessages));
    realtime
      .observeEvents('chat:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((message) => void this.takeInMessage(message, this.changedMessages));
  }

  /** Loads a part of a room's messages from the server. @throws ApiError */
  async loadMessages(roomId: string, range: MessageRange): Promise<MessagePage> {
    return this.openPage(
      roomId,
      await this.api.sendRequest('GET /rooms/:roomId/messages', { roomId, query: { ...range } }),
    );
  }

  /** Loads the messages that were edited or deleted after a revision, in that order. @throws ApiError */
  async loadMessageChanges(roomId: string, after: number, limit: number): Promise<MessagePage> {
    const query = { after, limit };
    return this.openPage(roomId, await this.api.sendRequest('GET /rooms/:roomId/messages/changes', { roomId, query }));
  }

  private async takeInMessage(message: MessageDto, receivers: Subject<PlainMessage>): Promise<void> {
    try {
      await this.locks.runExclusive(message.roomId, async () => receivers.next(await this.open(message)));
    } catch (error) {
      console.error(`message ${message.id} could not be opened`, error);
    }
  }

  private openPage(roomId: string, page: MessagesDto): Promise<MessagePage> {
    return this.locks.runExclusive(roomId, async () => {
      const messages: PlainMessage[] = [];
      for (const message of page.messages) messages.push(await this.open(message));
      return { ...page, messages };
    });
  }
}
