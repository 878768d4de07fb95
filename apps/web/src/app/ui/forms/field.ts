import { Component, computed, type ElementRef, input, linkedSignal, model, viewChild } from '@angular/core';
import { Icon } from '../display/icon';
import type { IconName } from '../display/icons';
import { readOnSubmit } from './read-on-submit';

let fieldCount = 0;

/** A single-line input with label, hint and error. */
@Component({
  selector: 'wc-field',
  imports: [Icon],
  template: `
    <label [for]="id" [class.visually-hidden]="hideLabel()">{{ label() }}</label>
    <div class="box" [class.wrong]="error()">
      @if (icon(); as name) {
        <wc-icon [name]="name" />
      }
      <input
        #input
        [id]="id"
        [type]="shownType()"
        [name]="name()"
        [value]="value()"
        [attr.autocomplete]="autocomplete() || null"
        [attr.autocapitalize]="plain() ? 'none' : null"
        [attr.spellcheck]="plain() ? 'false' : null"
        [attr.maxlength]="maxLength() || null"
        [attr.dir]="shownType() === 'text' || shownType() === 'search' ? 'auto' : null"
        [attr.placeholder]="placeholder() || null"
        [attr.aria-invalid]="error() ? true : null"
        [attr.aria-describedby]="error() || hint() ? id + '-note' : null"
        [disabled]="disabled()"
        (input)="readInput()"
        (change)="readInput()"
      />
      @if (type() === 'password') {
        <button
          class="reveal"
          type="button"
          [attr.aria-label]="revealed() ? hideText() : showText()"
          [attr.aria-pressed]="revealed()"
          (click)="revealed.set(!revealed())"
        >
          <wc-icon [name]="revealed() ? 'eyeOff' : 'eye'" />
        </button>
      }
      <ng-content />
    </div>
    <div aria-live="polite" [id]="id + '-note'">
      @if (error()) {
        <p class="note wrong"><wc-icon name="alert" />{{ error() }}</p>
      } @else if (hint()) {
        <p class="note">{{ hint() }}</p>
      }
    </div>
  `,
  styleUrl: './field.scss',
})
export class Field {
  readonly value = model('');
  readonly label = input.required<string>();
  readonly hideLabel = input(false);
  readonly name = input('');
  readonly type = input<'text' | 'email' | 'password' | 'search' | 'number' | 'url'>('text');
  readonly autocomplete = input('');
  readonly placeholder = input('');
  readonly icon = input<IconName>();
  readonly hint = input('');
  readonly error = input<string | undefined>('');
  readonly maxLength = input(0);
  readonly disabled = input(false);
  /** Turns off automatic capitals and the spelling check. */
  readonly verbatim = input(false);
  /** Labels of the button that shows or hides a password. */
  readonly showText = input('');
  readonly hideText = input('');

  protected readonly id = `field-${++fieldCount}`;
  protected readonly revealed = linkedSignal({ source: this.type, computation: () => false });
  protected readonly shownType = computed(() => (this.revealed() ? 'text' : this.type()));
  protected readonly plain = computed(() => this.verbatim() || this.type() !== 'text');
  private readonly input = viewChild.required<ElementRef<HTMLInputElement>>('input');

  constructor() {
    readOnSubmit(() => this.readInput());
  }

  focusInput(): void {
    this.input().nativeElement.focus();
  }

  protected readInput(): void {
    this.value.set(this.input().nativeElement.value);
  }
}
