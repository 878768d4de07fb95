import { Component, type ElementRef, input, model, viewChild } from '@angular/core';
import { Icon } from '../display/icon';
import type { IconName } from '../display/icons';
import { readOnSubmit } from './read-on-submit';

let selectCount = 0;

/** A choice from a longer list. Uses the native select, which phones and screen readers support well. */
@Component({
  selector: 'wc-select',
  imports: [Icon],
  template: `
    <label [for]="id" [class.visually-hidden]="hideLabel()">{{ label() }}</label>
    <div class="box">
      @if (icon(); as name) {
        <wc-icon [name]="name" />
      }
      <select #select [id]="id" [disabled]="disabled()" (change)="readSelect()">
        @for (option of options(); track option.value) {
          <option [value]="option.value" [selected]="option.value === value()">{{ option.label }}</option>
        }
      </select>
      <wc-icon class="arrow" name="down" />
    </div>
  `,
  styles: `
    :host {
      display: block;
    }
    label {
      display: block;
      margin-bottom: var(--space-4);
      font-size: var(--text-13);
      font-weight: 500;
    }
    .box {
      position: relative;
      display: flex;
      align-items: center;
      border-radius: var(--radius-control);
      background: var(--field, var(--surface));
      box-shadow: inset 0 0 0 1px var(--control-line);
    }
    .box:focus-within {
      box-shadow: inset 0 0 0 2px var(--accent);
    }
    wc-icon {
      position: absolute;
      left: var(--space-12);
      color: var(--muted);
      pointer-events: none;
    }
    .arrow {
      right: var(--space-12);
      left: auto;
      width: 1rem;
      height: 1rem;
    }
    select {
      appearance: none;
      width: 100%;
      min-height: var(--touch);
      padding: 0 var(--space-32) 0 var(--space-12);
      border: 0;
      border-radius: inherit;
      background: transparent;
      text-overflow: ellipsis;
    }
    select:focus-visible {
      outline: none;
    }
    wc-icon:first-child + select {
      padding-left: 42px;
    }
    option {
      background: var(--raised);
      color: var(--text);
    }
    select:disabled {
      opacity: 0.6;
    }
  `,
})
export class Select {
  readonly value = model('');
  readonly label = input.required<string>();
  readonly hideLabel = input(false);
  readonly icon = input<IconName>();
  readonly options = input.required<readonly ChoiceOption[]>();
  readonly disabled = input(false);
  protected readonly id = `select-${++selectCount}`;
  private readonly select = viewChild.required<ElementRef<HTMLSelectElement>>('select');

  constructor() {
    readOnSubmit(() => this.readSelect());
  }

  protected readSelect(): void {
    this.value.set(this.select().nativeElement.value);
  }
}

/** An option of a select or segmented control. */
export interface ChoiceOption<T extends string = string> {
  value: T;
  label: string;
  icon?: IconName;
}
