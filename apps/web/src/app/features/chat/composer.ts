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
import { LIMITS, VISIBLE_TEXT } from '@webcall/contracts';
import { I18n } from '../../core/text/i18n';
import { BrowserStorage } from '../../core/browser/storage';
import { Button } from '../../ui/forms/button';
import { Icon } from '../../ui/display/icon';
import { Tooltip } from '../../ui/feedback/tooltip';

/** From here on the remaining characters are shown. */
const COUNT_FROM = LIMITS.message.max - 300;

/** Where a message is written or changed. What is not sent stays as a draft of the room. */
@Component({
  selector: 'wc-composer',
  imports: [Button, Icon, Tooltip],
  template: `
    @if (editing() !== null) {
      <div class="editing">
        <wc-icon name="edit" />
        <span>{{ t().chat.editing }}</span>
        <button wcButton="ghost" small iconOnly [attr.aria-label]="t().chat.cancelEdit" (click)="stopEditing.emit()">
          <wc-icon name="close" />
        </button>
      </div>
    }
    <form (submit)="submit($event)">
      <textarea
        #area
        rows="1"
        enterkeyhint="send"
        autocomplete="off"
        [attr.aria-label]="t().chat.message"
        [attr.placeholder]="placeholder()"
        [attr.aria-describedby]="left() !== null ? 'composer-left' : null"
        [attr.aria-invalid]="tooLong() || null"
        [value]="text()"
        (input)="onInput(area.value)"
        (keydown)="onKey($event)"
      ></textarea>
      <button
        wcButton="primary"
        iconOnly
        round
        type="submit"
        class="send"
        [class.idle]="!ready()"
        [attr.aria-disabled]="!ready() || null"
        [attr.aria-label]="action()"
        [wcTooltip]="action()"
        wcTooltipKey="Enter"
      >
        <wc-icon [name]="editing() !== null ? 'check' : 'send'" />
      </button>
    </form>
    <p id="composer-left" class="left" [class.bad]="tooLong()" aria-live="polite">
      @if (left(); as text) {
        {{ text }}
      }
    </p>
  `,
  styleUrl: './composer.scss',
})
export class Composer {
  private readonly i18n = inject(I18n);
  private readonly storage = inject(BrowserStorage).user;
  private readonly area = viewChild.required<ElementRef<HTMLTextAreaElement>>('area');
  protected readonly t = this.i18n.t;

  readonly roomId = input.required<string>();
  /** What an empty field says. */
  readonly placeholder = input.required<string>();
  /** The text that is being changed; null: a new message is written. */
  readonly editing = input<string | null>(null);
  readonly send = output<string>();
  readonly save = output<string>();
  readonly stopEditing = output();
  /** Arrow up in an empty field. */
  readonly editLast = output();
  readonly typing = output<boolean>();

  protected readonly text = linkedSignal(() => this.editing() ?? this.draft());
  protected readonly tooLong = computed(() => this.text().trim().length > LIMITS.message.max);
  protected readonly ready = computed(() => VISIBLE_TEXT.test(this.text()) && !this.tooLong());
  protected readonly action = computed(() => (this.editing() === null ? this.t().chat.send : this.t().chat.save));
  protected readonly left = computed(() => {
    const left = LIMITS.message.max - this.text().trim().length;
    if (left >= LIMITS.message.max - COUNT_FROM) return null;
    return left < 0 ? this.t().chat.tooLong(-left) : this.t().chat.left(left);
  });

  constructor() {
    afterRenderEffect(() => {
      this.text();
      this.grow();
    });
    afterRenderEffect(() => {
      if (this.editing() !== null) this.focus();
    });
  }

  focus(): void {
    const area = this.area().nativeElement;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  protected onInput(text: string): void {
    this.text.set(text);
    if (this.editing() !== null) return;
    this.keepDraft(text);
    this.typing.emit(text.trim() !== '');
  }

  protected onKey(event: KeyboardEvent): void {
    // While an input method composes, Enter chooses a word; on a phone it breaks the line.
    const sends =
      event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches;
    if (sends) this.submit(event);
    else if (event.key === 'Escape' && this.editing() !== null) {
      // It ends the editing and closes nothing else.
      event.preventDefault();
      this.stopEditing.emit();
    } else if (event.key === 'ArrowUp' && this.text() === '') {
      event.preventDefault();
      this.editLast.emit();
    }
  }

  protected submit(event: Event): void {
    event.preventDefault();
    if (!this.ready()) return;
    const text = this.text().trim();
    if (this.editing() !== null) return this.save.emit(text);
    this.text.set('');
    this.keepDraft('');
    this.send.emit(text);
    this.area().nativeElement.focus();
  }

  private draft(): string {
    const draft = this.storage.get(`draft.${this.roomId()}`);
    return typeof draft === 'string' ? draft : '';
  }

  private keepDraft(text: string): void {
    if (text === '') this.storage.remove(`draft.${this.roomId()}`);
    else this.storage.set(`draft.${this.roomId()}`, text);
  }

  /** As high as its text; the style sets the limit of eight lines. */
  private grow(): void {
    const area = this.area().nativeElement;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }
}
