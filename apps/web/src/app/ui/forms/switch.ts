import { Component, input, model } from '@angular/core';

let switchCount = 0;

/** A switch that takes effect at once, with label and hint. */
@Component({
  selector: 'wc-switch',
  template: `
    <span class="words">
      <label [for]="id">{{ label() }}</label>
      @if (hint()) {
        <small [id]="id + '-hint'">{{ hint() }}</small>
      }
    </span>
    <span class="box">
      <input
        #input
        class="behind"
        type="checkbox"
        role="switch"
        [id]="id"
        [checked]="value()"
        [disabled]="disabled()"
        [attr.aria-describedby]="hint() ? id + '-hint' : null"
        (change)="value.set(input.checked)"
      />
      <i aria-hidden="true"></i>
    </span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-16);
      min-height: var(--touch);
    }
    .words {
      flex: 1;
      min-width: 0;
    }
    label {
      display: block;
      font-weight: 500;
      cursor: pointer;
    }
    small {
      display: block;
      color: var(--muted);
      font-size: var(--text-13);
    }
    .box {
      position: relative;
      flex: none;
      padding: 9px 0;
    }
    i {
      display: block;
      width: 44px;
      height: 26px;
      border-radius: 13px;
      background: var(--control-line);
      transition: background-color var(--quick);
      pointer-events: none;
    }
    i::after {
      display: block;
      width: 20px;
      height: 20px;
      border-radius: 50%;
      background: var(--surface);
      transform: translate(3px, 3px);
      transition: transform var(--quick);
      content: '';
    }
    input:checked + i {
      background: var(--accent);
    }
    input:checked + i::after {
      transform: translate(21px, 3px);
    }
    input:focus-visible + i {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    input:disabled + i {
      opacity: 0.5;
    }
  `,
})
export class Switch {
  readonly value = model.required<boolean>();
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly disabled = input(false);
  protected readonly id = `switch-${++switchCount}`;
}
