import { Component, computed, effect, ElementRef, inject, input, type OnDestroy, output, signal } from '@angular/core';
import { editableTextOf } from '@webcall/domain';
import { ApiError } from '../../core/net/api-error';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { errorToText } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { TextCopy } from '../../flows/text-copy';
import { CurrentNames } from '../../state/people/current-names';
import { Avatar, personHueOf } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { PersonButton } from '../../widgets/person-button';
import type { MessageRow, PendingRow } from './chat-rows';
import { isEmojiOnly, splitIntoLinks } from './linkify';

/** How long a finger rests on a message before its tools appear. */
const HOLD_MS = 500;

/** What the user may do with a message. */
export interface MessageRights {
  edit: boolean;
  delete: boolean;
}

/** One message, sent or still being sent. */
@Component({
  selector: 'wc-message',
  imports: [Avatar, Button, Icon, IconLabel, PersonButton],
  templateUrl: './message-row.html',
  styleUrl: './message-row.scss',
  host: {
    '[class.joined]': 'row().joined',
    '[class.pending]': 'row().kind === "pending"',
    '[class.bubble]': 'bubble()',
    '[class.own]': 'authorId() === self().id',
    '[class.held]': 'held()',
    '(pointerdown)': 'beginHold($event)',
    '(pointerup)': 'endHold()',
    '(pointerleave)': 'endHold()',
    '(pointercancel)': 'endHold()',
    '(touchend)': 'ignoreTapAfterHold($event)',
    '(contextmenu)': 'suppressTouchMenu($event)',
  },
})
export class MessageRowView implements OnDestroy {
  private readonly i18n = inject(I18n);
  private readonly formats = inject(DateTimeFormats);
  private readonly names = inject(CurrentNames);
  private readonly copy = inject(TextCopy);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private holdTimer: ReturnType<typeof setTimeout> | undefined;
  private touched = false;
  /** The finger that called the tools still rests on the message. */
  private resting = false;
  protected readonly t = this.i18n.t;

  readonly row = input.required<MessageRow | PendingRow>();
  readonly self = input.required<{ id: string; username: string }>();
  /** The message is hovered or focused. */
  readonly active = input(false);
  /** Of an active message: it shows the buttons for them. */
  readonly rights = input<MessageRights | null>(null);
  /** The message was pressed and held by touch, and shows its tools until the next touch elsewhere. */
  protected readonly held = signal(false);
  /** The user's last message shows that it was sent. */
  readonly lastOwn = input(false);
  /** Direct rooms: own messages on the right, the peer's on the left, without avatars and names. */
  readonly bubble = input(false);
  /** It was pressed and held by touch. */
  readonly hold = output();
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
    return content.type === 'sealed' ? this.t().home.messageSealed : editableTextOf(content);
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

  constructor() {
    effect((onCleanup) => {
      if (!this.held()) return;
      const closeOutside = ({ target }: Event): void => {
        if (!(target instanceof Node && this.element.contains(target))) this.held.set(false);
      };
      document.addEventListener('pointerdown', closeOutside);
      onCleanup(() => document.removeEventListener('pointerdown', closeOutside));
    });
  }

  ngOnDestroy(): void {
    this.endHold();
  }

  protected beginHold({ pointerType, target }: PointerEvent): void {
    this.touched = pointerType === 'touch';
    this.resting = false;
    this.endHold();
    // Buttons and links have their own answer to a long press.
    if (!this.touched || this.row().kind !== 'message' || (target as Element).closest('a, button')) return;
    this.holdTimer = setTimeout(() => {
      this.resting = true;
      this.held.set(true);
      this.hold.emit();
    }, HOLD_MS);
  }

  /** The tools may have come up under the finger, and lifting it must not press one. */
  protected ignoreTapAfterHold(event: Event): void {
    if (this.resting && event.cancelable) event.preventDefault();
    this.resting = false;
  }

  /** Lifting the finger, or scrolling, which cancels the pointer. */
  protected endHold(): void {
    clearTimeout(this.holdTimer);
  }

  /** The browser's menu for a long press would cover the tools. Links keep theirs. */
  protected suppressTouchMenu(event: Event): void {
    if (this.touched && !(event.target as Element).closest('a')) event.preventDefault();
  }

  protected copyMessageText(): void {
    const { copied, copyFailed: failed } = this.t().chat;
    void this.copy.copyText(this.text() ?? '', { copied, failed });
  }
}
