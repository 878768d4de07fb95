import { Component, computed, effect, inject, signal, untracked, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { MessageDto } from '@webcall/contracts';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomStore } from '../../state/rooms/room-store';
import { Session } from '../../core/session/session';
import { Dialogs } from '../../ui/feedback/dialog';
import { ErrorState } from '../../ui/feedback/error-state';
import { Toasts } from '../../ui/feedback/toasts';
import { Composer } from './composer';
import { MessageList } from './message-list';
import { ReadMarker } from '../../state/chat/read-marker';
import { TimelineStore } from '../../state/chat/timeline-store';
import { Typing } from '../../state/chat/typing';

/** The chat of the room: what was written, who writes, and the field to write in. */
@Component({
  selector: 'wc-chat',
  imports: [Composer, ErrorState, MessageList, RouterLink],
  providers: [TimelineStore, ReadMarker, Typing],
  template: `
    @if (store.state() === 'error') {
      <wc-error-state [title]="t().chat.errorTitle" [text]="why()" [retryText]="t().chat.retry" (retry)="sync()" />
    } @else {
      <wc-message-list (edit)="editing.set($event)" (delete)="remove($event)" />
    }
    <p class="typing" aria-live="polite">
      @if (typing.names().length) {
        {{ t().chat.typing(typing.names()) }}
        <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
      }
    </p>
    @if (room.room()?.closed) {
      <p class="closed">
        {{ t().chat.closed(room.room()?.name ?? '') }} <a routerLink="/people">{{ t().chat.toPeople }}</a>
      </p>
    } @else {
      <wc-composer
        [roomId]="room.id()"
        [placeholder]="placeholder()"
        [editing]="editedText()"
        (send)="send($event)"
        (save)="save($event)"
        (stopEditing)="stopEditing()"
        (editLast)="editLast()"
        (typing)="typing.tell($event)"
      />
    }
  `,
  styleUrl: './chat-view.scss',
})
export class ChatView {
  protected readonly room = inject(RoomStore);
  protected readonly store = inject(TimelineStore);
  protected readonly typing = inject(Typing);
  private readonly marker = inject(ReadMarker);
  private readonly session = inject(Session);
  private readonly errors = inject(ErrorTexts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  protected readonly t = inject(I18n).t;
  private readonly list = viewChild(MessageList);
  private readonly composer = viewChild(Composer);

  protected readonly editing = signal<MessageDto | null>(null);
  protected readonly editedText = computed(() => {
    const content = this.editing()?.content;
    return content?.type === 'text' ? content.text : null;
  });
  protected readonly placeholder = computed(() => {
    const room = this.room.room();
    const t = this.t().chat;
    return (room?.kind === 'direct' ? t.placeholderDirect : t.placeholder)(room?.name ?? '');
  });
  protected readonly why = computed(() => {
    const trouble = this.store.trouble();
    return `${trouble ? this.t().errors[trouble] : ''} ${this.t().chat.errorSafe}`;
  });

  constructor() {
    effect(() => {
      if (this.room.opened()) untracked(() => this.sync());
    });
    inject(RealtimeClient)
      .on('chat:posted')
      .pipe(takeUntilDestroyed())
      .subscribe((message) => this.onPosted(message));
  }

  protected sync(): void {
    const standing = this.room.opened();
    if (!standing) return;
    this.marker.sync(standing);
    void this.store.sync(standing);
  }

  protected send(text: string): void {
    this.typing.sent();
    this.marker.clearLine();
    this.store.send(text);
    void this.list()?.toEnd();
  }

  protected async save(text: string): Promise<void> {
    const message = this.editing();
    if (!message) return;
    try {
      if (text !== this.editedText()) await this.store.edit(message.id, text);
      this.stopEditing();
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  protected stopEditing(): void {
    this.editing.set(null);
    this.composer()?.focus();
  }

  protected editLast(): void {
    const self = this.session.user()?.id;
    const own = this.store.timeline().messages.findLast((m) => m.authorId === self && m.content.type === 'text');
    if (own) this.editing.set(own);
  }

  protected async remove(message: MessageDto): Promise<void> {
    const { deleteTitle, deleteText, delete: confirm } = this.t().chat;
    const { cancel } = this.t().common;
    if (!(await this.dialogs.ask({ title: deleteTitle, text: deleteText, confirm, cancel, danger: true }))) return;
    if (this.editing()?.id === message.id) this.editing.set(null);
    try {
      await this.store.delete(message.id);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  private onPosted({ roomId, seq, authorId }: MessageDto): void {
    const foreign = roomId === this.room.id() && authorId !== this.session.user()?.id;
    if (foreign && document.visibilityState !== 'visible') this.marker.missed(seq);
  }
}
