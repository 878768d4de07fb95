import { Component, computed, inject, input, output } from '@angular/core';
import { ApiError } from '../../core/net/api-error';
import { errorText } from '../../core/text/errors';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { hueOf } from '../../ui/display/hue';
import { Icon } from '../../ui/display/icon';
import { Tooltip } from '../../ui/feedback/tooltip';
import { isEmojiOnly, linkify } from './linkify';
import type { MessageRow, PendingRow } from './rows';

/** What a person may do with a message. */
export interface MessageRights {
  edit: boolean;
  delete: boolean;
}

/** One message, sent or on its way. */
@Component({
  selector: 'wc-message',
  imports: [Avatar, Button, Icon, Tooltip],
  templateUrl: './message-row.html',
  styleUrl: './message-row.scss',
  host: {
    '[class.joined]': 'row().joined',
    '[class.pending]': 'row().kind === "pending"',
    '[class.bubble]': 'bubble()',
    '[class.own]': 'author().id === self().id',
  },
})
export class MessageRowView {
  private readonly i18n = inject(I18n);
  private readonly formats = inject(Formats);
  protected readonly t = this.i18n.t;

  readonly row = input.required<MessageRow | PendingRow>();
  readonly self = input.required<{ id: string; username: string }>();
  readonly rights = input<MessageRights>({ edit: false, delete: false });
  /** Pointed at or focused: its buttons are there. */
  readonly active = input(false);
  /** The last one that the reader wrote shows that it was sent. */
  readonly lastOwn = input(false);
  /** In a direct room: one's own on the right, the other's on the left, without faces and names. */
  readonly bubble = input(false);
  readonly edit = output();
  readonly delete = output();
  readonly retry = output();
  readonly discard = output();

  protected readonly author = computed(() => {
    const row = this.row();
    if (row.kind === 'pending') return { id: this.self().id, name: this.self().username };
    const { authorId, authorName } = row.message;
    return { id: authorId, name: authorName ?? this.t().common.deletedUser };
  });
  protected readonly hue = computed(() => hueOf(this.author().id ?? ''));
  protected readonly at = computed(() => {
    const row = this.row();
    return row.kind === 'pending' ? row.entry.writtenAt : row.message.sentAt;
  });
  protected readonly time = computed(() => this.formats.time(this.at()));
  /** For the narrow place left of a joined message: without "AM" and "PM". */
  protected readonly shortTime = computed(() => this.time().replace(/\s*[ap]\.?m\.?$/i, ''));
  protected readonly fullTime = computed(() => this.formats.dateTime(this.at()));
  protected readonly text = computed(() => {
    const row = this.row();
    if (row.kind === 'pending') return row.entry.text;
    return row.message.content.type === 'text' ? row.message.content.text : null;
  });
  protected readonly segments = computed(() => linkify(this.text() ?? ''));
  protected readonly emoji = computed(() => isEmojiOnly(this.text() ?? ''));
  protected readonly edited = computed(() => {
    const row = this.row();
    return row.kind === 'message' && row.message.editedAt !== null && row.message.content.type === 'text';
  });
  protected readonly state = computed(() => {
    const row = this.row();
    return row.kind === 'pending' ? row.entry.state : this.lastOwn() ? 'sent' : null;
  });
  protected readonly why = computed(() => {
    const row = this.row();
    if (row.kind !== 'pending' || !row.entry.error) return '';
    return errorText(new ApiError(row.entry.error, '', 0, undefined, row.entry.details), this.t());
  });
}
