import { Component, inject, input, output } from '@angular/core';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import type { PlainMessage } from '../../state/chat/message-intake';
import { TimelineStore } from '../../state/chat/timeline-store';
import type { ChatRow } from './chat-rows';
import { EntryRowView } from './entry-row';
import { type MessageRights, MessageRowView } from './message-row';

/** Some rows of the message list that follow each other: they are checked for changes without the others. */
@Component({
  selector: 'wc-message-block',
  imports: [EntryRowView, MessageRowView],
  template: `
    @for (row of rows(); track row.key) {
      @switch (row.kind) {
        @case ('day') {
          <h2 class="line day">
            <span>{{ formats.formatDayHeading(row.day) }}</span>
          </h2>
        }
        @case ('new') {
          <p class="line new" data-new-line>
            <span>{{ t().chat.newMessages }}</span>
          </p>
        }
        @case ('entry') {
          <wc-entry
            role="article"
            tabindex="-1"
            [attr.data-seq]="row.message.seq"
            [message]="row.message"
            [callable]="callable()"
            (call)="call.emit()"
          />
        }
        @default {
          <wc-message
            role="article"
            [bubble]="direct()"
            tabindex="-1"
            [attr.data-seq]="row.kind === 'message' ? row.message.seq : null"
            [row]="row"
            [self]="self()"
            [active]="active() === row.key"
            [rights]="active() === row.key ? rights() : null"
            [lastOwn]="row.key === lastOwn()"
            (mouseenter)="activate.emit(row.key)"
            (focusin)="activate.emit(row.key)"
            (hold)="activate.emit(row.key)"
            (edit)="row.kind === 'message' && edit.emit(row.message)"
            (delete)="row.kind === 'message' && delete.emit(row.message)"
            (retry)="store.retryFailedMessage(row.key)"
            (discard)="store.discardFailedMessage(row.key)"
          />
        }
      }
    }
  `,
  styleUrl: './message-block.scss',
})
export class MessageBlock {
  protected readonly store = inject(TimelineStore);
  protected readonly formats = inject(DateTimeFormats);
  protected readonly t = inject(I18n).t;

  readonly rows = input.required<readonly ChatRow[]>();
  readonly self = input.required<{ id: string; username: string }>();
  readonly direct = input.required<boolean>();
  /** Whether the peer of a direct room can be called at the moment. */
  readonly callable = input.required<boolean>();
  /** Key of the row whose buttons are shown, if it is one of these. */
  readonly active = input.required<string | null>();
  /** What the user may do with that one. */
  readonly rights = input.required<MessageRights | null>();
  /** Key of the row that shows that the user's last message was sent, if it is one of these. */
  readonly lastOwn = input.required<string | null>();
  /** A row was hovered, focused or held. */
  readonly activate = output<string>();
  readonly call = output();
  readonly edit = output<PlainMessage>();
  readonly delete = output<PlainMessage>();
}
