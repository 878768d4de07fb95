import {
  afterRenderEffect,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { PROTOCOL_LIMITS } from '@webcall/contracts';
import { cleanMessageText, isVisibleText } from '@webcall/domain';
import { I18n } from '../../core/text/i18n';
import { canBeStored, Drafts } from '../../state/chat/drafts';
import { Icon } from '../../ui/display/icon';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';

/** From this length on the number of remaining characters is shown. */
const COUNTER_FROM_LENGTH = PROTOCOL_LIMITS.message.max - 300;

/** The field in which a message is written or edited. Unsent text is kept as a draft of the room. */
@Component({
  selector: 'wc-composer',
  imports: [Button, Icon, IconLabel],
  template: `
    @if (editing() !== null) {
      <div class="editing">
        <wc-icon name="edit" />
        <span>{{ t().chat.editing }}</span>
        <button
          wcButton="ghost"
          small
          iconOnly="close"
          [attr.aria-label]="t().chat.cancelEdit"
          (click)="stopEditing.emit()"
        ></button>
      </div>
    }
    <form (submit)="submitComposedText($event)">
      <textarea
        #area
        dir="auto"
        rows="1"
        enterkeyhint="send"
        autocomplete="off"
        [attr.aria-label]="t().chat.message"
        [attr.placeholder]="placeholder()"
        [attr.aria-describedby]="charactersLeft() !== null ? 'composer-left' : null"
        [attr.aria-invalid]="tooLong() || null"
        [value]="text()"
        (input)="handleTextInput(area.value)"
        (keydown)="handleComposerKey($event)"
      ></textarea>
      <button
        wcButton="primary"
        [iconOnly]="editing() !== null ? 'check' : 'send'"
        round
        type="submit"
        class="send"
        [class.idle]="!ready()"
        [inactive]="!ready()"
        [wcLabel]="action()"
        wcTooltipKey="Enter"
      ></button>
    </form>
    <p id="composer-left" class="left" [class.bad]="tooLong()" aria-live="polite">
      @if (charactersLeft(); as text) {
        {{ text }}
      }
      @if (notKept()) {
        · {{ t().chat.notKept }}
      }
    </p>
  `,
  styleUrl: './composer.scss',
})
export class Composer {
  private readonly i18n = inject(I18n);
  private readonly drafts = inject(Drafts);
  private readonly area = viewChild.required<ElementRef<HTMLTextAreaElement>>('area');
  protected readonly t = this.i18n.t;

  readonly roomId = input.required<string>();
  readonly placeholder = input.required<string>();
  /** The text being edited; null while writing a new message. */
  readonly editing = input<string | null>(null);
  readonly send = output<string>();
  readonly save = output<string>();
  readonly stopEditing = output();
  /** Arrow up was pressed in an empty field. */
  readonly editLast = output();
  readonly typing = output<boolean>();

  protected readonly text = linkedSignal(() => this.editing() ?? this.drafts.loadDraft(this.roomId()));
  /** What would be sent. */
  private readonly message = computed(() => cleanMessageText(this.text()));
  protected readonly tooLong = computed(() => this.message().length > PROTOCOL_LIMITS.message.max);
  protected readonly ready = computed(() => isVisibleText(this.message()) && !this.tooLong());
  protected readonly action = computed(() => (this.editing() === null ? this.t().chat.send : this.t().chat.save));
  protected readonly charactersLeft = computed(() => {
    const remaining = PROTOCOL_LIMITS.message.max - this.message().length;
    if (remaining >= PROTOCOL_LIMITS.message.max - COUNTER_FROM_LENGTH) return null;
    return remaining < 0 ? this.t().chat.tooLong(-remaining) : this.t().chat.left(remaining);
  });

  /** The text is too long to be kept as a draft over a reload. */
  protected readonly notKept = computed(() => this.editing() === null && !canBeStored(this.text()));

  constructor() {
    afterRenderEffect(() => {
      this.text();
      this.fitHeightToText();
    });
    afterRenderEffect(() => {
      if (this.editing() !== null) this.focusTextArea();
    });
  }

  focusTextArea(): void {
    const area = this.area().nativeElement;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  protected handleTextInput(text: string): void {
    this.text.set(text);
    if (this.editing() !== null) return;
    this.drafts.keepDraft(this.roomId(), text);
    this.typing.emit(isVisibleText(this.message()));
  }

  protected handleComposerKey(event: KeyboardEvent): void {
    // While an input method composes, Enter chooses a word; on a phone it starts a new line.
    const sends =
      event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches;
    if (sends) this.submitComposedText(event);
    else if (event.key === 'Escape' && this.editing() !== null) {
      // Escape ends only the editing; panels stay open.
      event.preventDefault();
      this.stopEditing.emit();
    } else if (event.key === 'ArrowUp' && this.text() === '') {
      event.preventDefault();
      this.editLast.emit();
    }
  }

  protected submitComposedText(event: Event): void {
    event.preventDefault();
    // Not every way to fill a field tells the page of it.
    this.text.set(this.area().nativeElement.value);
    if (!this.ready()) return;
    const text = this.message();
    if (this.editing() !== null) return this.save.emit(text);
    this.text.set('');
    this.drafts.keepDraft(this.roomId(), '');
    this.send.emit(text);
    this.area().nativeElement.focus();
  }

  /** Grows with the text; the stylesheet limits it to eight lines. */
  private fitHeightToText(): void {
    const area = this.area().nativeElement;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }
}
