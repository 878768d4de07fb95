import { Component, computed, inject, input, output } from '@angular/core';
import { isPostedContent } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { errorToText } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { CurrentNames } from '../../state/people/current-names';
import { Avatar, personHueOf } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import type { MessageRow, PendingRow } from './chat-rows';
import { isEmojiOnly, splitIntoLinks } from './linkify';

/** What the user may do with a message. */
export interface MessageRights {
  edit: boolean;
  delete: boolean;
}

/** One message, sent or still being sent. */
@Component({
  selector: 'wc-message',
  imports: [Avatar, Button, Icon, IconLabel],
  templateUrl: './message-row.html',
  styleUrl: './message-row.scss',
  host: {
    '[class.joined]': 'row().joined',
    '[class.pending]': 'row().kind === "pending"',
    '[class.bubble]': 'bubble()',
    '[class.own]': 'authorId() === self().id',
  },
})
export class MessageRowView {
  private readonly i18n = inject(I18n);
  private readonly formats = inject(DateTimeFormats);
  private readonly names = inject(CurrentNames);
  protected readonly t = this.i18n.t;

  readonly row = input.required<MessageRow | PendingRow>();
  readonly self = input.required<{ id: string; username: string }>();
  /** Of a message that is hovered or focused: it shows the buttons for them. */
  readonly rights = input<MessageRights | null>(null);
  /** The user's last message shows that it was sent. */
  readonly lastOwn = input(false);
  /** Direct rooms: own messages on the right, the peer's on the left, without avatars and names. */
  readonly bubble = input(false);
  readonly edit = output();
  readonly delete = output();
  readonly retry = output();
  readonly discard = output();

  protected readonly authorId = computed(() => {
    const row = this.row();
    return row.kind === 'pending' ? this.self().id : row.message.authorId;
  });
  protected readonly authorName = computed(() => {
    const row = this.row();
    if (row.kind === 'pending') return this.self().username;
    const { authorId, authorName } = row.message;
    return authorName === null ? this.t().common.deletedUser : this.names.currentNameOf(authorId, authorName);
  });
  protected readonly hue = computed(() => personHueOf(this.authorId() ?? ''));
  protected readonly at = computed(() => {
    const row = this.row();
    return row.kind === 'pending' ? row.entry.writtenAt : row.message.sentAt;
  });
  protected readonly time = computed(() => this.formats.formatTimeOfDay(this.at()));
  /** Without "AM" and "PM", for the narrow space left of a joined message. */
  protected readonly shortTime = computed(() => this.time().replace(/\s*[ap]\.?m\.?$/i, ''));
  protected readonly fullTime = computed(() => this.formats.formatDateTime(this.at()));
  /** What it says; null once it was deleted. */
  protected readonly text = computed(() => {
    const row = this.row();
    if (row.kind === 'pending') return row.entry.text;
    const { content } = row.message;
    return isPostedContent(content) ? content.text : null;
  });
  protected readonly segments = computed(() => splitIntoLinks(this.text() ?? ''));
  protected readonly emoji = computed(() => isEmojiOnly(this.text() ?? ''));
  protected readonly edited = computed(() => {
    const row = this.row();
    return row.kind === 'message' && row.message.editedAt !== null && this.text() !== null;
  });
  protected readonly state = computed(() => {
    const row = this.row();
    return row.kind === 'pending' ? row.entry.state : this.lastOwn() ? 'sent' : null;
  });
  protected readonly why = computed(() => {
    const row = this.row();
    if (row.kind !== 'pending' || !row.entry.error) return '';
    return errorToText(new ApiError(row.entry.error, '', 0, undefined, row.entry.details), this.t());
  });
}
