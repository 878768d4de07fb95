import {
  afterNextRender,
  ApplicationRef,
  Component,
  computed,
  effect,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { editableTextOf } from '@webcall/domain';
import { isKeyboardTarget } from '../../core/browser/focus';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { FailureToasts } from '../../flows/failure-toasts';
import { CallSession } from '../../state/call/call-session';
import type { PlainMessage } from '../../state/chat/message-intake';
import { ReadMarker } from '../../state/chat/read-marker';
import { TimelineStore } from '../../state/chat/timeline-store';
import { TypingIndicator } from '../../state/chat/typing-indicator';
import { Contacts } from '../../state/people/contacts';
import { RoomStore } from '../../state/rooms/room-store';
import { Dialogs } from '../../ui/feedback/dialog';
import { ErrorState } from '../../ui/feedback/error-state';
import { Composer } from './composer';
import { MessageList } from './message-list';

/** The chat of the room: the message list, the typing indicator and the composer. */
@Component({
  selector: 'wc-chat',
  imports: [Composer, ErrorState, MessageList, RouterLink],
  providers: [TimelineStore, ReadMarker, TypingIndicator],
  template: `
    @if (store.state() === 'error') {
      <wc-error-state
        [title]="t().chat.errorTitle"
        [text]="why()"
        [retryText]="t().chat.retry"
        (retry)="syncOpenedChat()"
      />
    } @else {
      <wc-message-list (edit)="changeEditedMessage($event)" (delete)="confirmDeleteMessage($event)" />
    }
    <p class="typing" aria-live="polite">
      @if (typing.names().length) {
        {{ t().chat.typing(typing.names()) }}
        <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
      }
    </p>
    @if (room.room()?.closed) {
      <p class="closed">
        @let name = room.room()?.name ?? '';
        {{ blocked() ? t().chat.closedByBlock(name) : t().chat.closed(name) }}
        <a routerLink="/people">{{ blocked() ? t().chat.toUnblock : t().chat.toPeople }}</a>
      </p>
    } @else {
      <wc-composer
        [roomId]="room.id()"
        [placeholder]="placeholder()"
        [editing]="editedText()"
        (send)="submitNewMessage($event)"
        (save)="saveEditedMessage($event)"
        (stopEditing)="stopEditingMessage()"
        (editLast)="editLastOwnMessage()"
        (typing)="typing.reportTyping($event)"
      />
    }
  `,
  styleUrl: './chat-view.scss',
})
export class ChatView {
  protected readonly room = inject(RoomStore);
  protected readonly store = inject(TimelineStore);
  protected readonly typing = inject(TypingIndicator);
  private readonly marker = inject(ReadMarker);
  private readonly session = inject(Session);
  private readonly entry = inject(CallEntry);
  private readonly calls = inject(CallSession);
  private readonly failures = inject(FailureToasts);
  private readonly dialogs = inject(Dialogs);
  private readonly contacts = inject(Contacts);
  private readonly application = inject(ApplicationRef);
  protected readonly t = inject(I18n).t;
  private readonly list = viewChild(MessageList);
  private readonly composer = viewChild(Composer);

  protected readonly editing = signal<PlainMessage | null>(null);
  protected readonly editedText = computed(() => {
    const content = this.editing()?.content;
    return content ? editableTextOf(content) : null;
  });
  protected readonly placeholder = computed(() => {
    const room = this.room.room();
    const t = this.t().chat;
    return (room?.kind === 'direct' ? t.placeholderDirect : t.placeholder)(room?.name ?? '');
  });
  /** Whoever closed the room by a block reads how to open it; the other one is not told of the block. */
  protected readonly blocked = computed(() => this.contacts.hasBlocked(this.room.room()?.peerId ?? null));
  protected readonly why = computed(() => {
    const trouble = this.store.trouble();
    return `${trouble ? this.t().errors[trouble] : ''} ${this.t().chat.errorSafe}`;
  });

  constructor() {
    effect(() => {
      if (this.room.opened()) untracked(() => this.syncOpenedChat());
    });
    afterNextRender(() => {
      if (this.isComposerWanted()) this.composer()?.focusTextArea();
    });
  }

  /** On a wide screen people open a room to write; on a touch screen the keyboard would cover what they came to read. */
  private isComposerWanted(): boolean {
    const isTaken = isKeyboardTarget(document.activeElement);
    const hasCall = [this.entry.entering(), this.calls.joining(), this.calls.active()?.roomId].includes(this.room.id());
    return matchMedia('(min-width: 1024px) and (pointer: fine)').matches && !isTaken && !hasCall;
  }

  protected syncOpenedChat(): void {
    const chatState = this.room.opened();
    if (!chatState) return;
    this.marker.syncReadPosition(chatState);
    void this.store.syncRoomMessages(chatState);
  }

  protected submitNewMessage(text: string): void {
    this.typing.resetAfterSending();
    this.marker.clearNewMessagesLine();
    this.store.sendChatMessage(text);
    void this.list()?.jumpToNewestMessage();
  }

  protected async saveEditedMessage(text: string): Promise<void> {
    const message = this.editing();
    if (!message) return;
    await this.failures.runWithToast(async () => {
      if (text !== this.editedText()) await this.store.editChatMessage(message.id, text);
      this.stopEditingMessage();
    });
  }

  /** The field has the other text at once: what is written until the next frame would be replaced by it. */
  protected changeEditedMessage(message: PlainMessage | null): void {
    this.editing.set(message);
    this.application.tick();
  }

  protected stopEditingMessage(): void {
    this.changeEditedMessage(null);
    this.composer()?.focusTextArea();
  }

  protected async editLastOwnMessage(): Promise<void> {
    if (!this.store.following()) await this.list()?.jumpToNewestMessage();
    const self = this.session.user()?.id;
    const own = this.store
      .timeline()
      .messages.findLast((m) => m.authorId === self && editableTextOf(m.content) !== null);
    if (own && this.store.following()) this.changeEditedMessage(own);
  }

  protected async confirmDeleteMessage(message: PlainMessage): Promise<void> {
    const { deleteTitle, deleteText, delete: confirm } = this.t().chat;
    const { cancel } = this.t().common;
    if (!(await this.dialogs.askConfirmation({ title: deleteTitle, text: deleteText, confirm, cancel, danger: true })))
      return;
    if (this.editing()?.id === message.id) this.changeEditedMessage(null);
    await this.failures.runWithToast(() => this.store.deleteChatMessage(message.id));
  }
}
