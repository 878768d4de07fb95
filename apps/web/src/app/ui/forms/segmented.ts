import { Component, input, model } from '@angular/core';
import { Icon } from '../display/icon';
import type { ChoiceOption } from './select';

let segmentedCount = 0;

/** A choice between two to four visible options. */
@Component({
  selector: 'wc-segmented',
  imports: [Icon],
  template: `
    <fieldset [disabled]="disabled()">
      <legend [class.visually-hidden]="hideLabel()">{{ label() }}</legend>
      <div class="track">
        @for (option of options(); track option.value) {
          <label>
            <input
              type="radio"
              class="behind"
              [name]="name"
              [value]="option.value"
              [checked]="option.value === value()"
              (change)="value.set(option.value)"
            />
            <span>
              @if (option.icon) {
                <wc-icon [name]="option.icon" />
              }
              {{ option.label }}
            </span>
          </label>
        }
      </div>
    </fieldset>
  `,
  styles: `
    legend {
      margin-bottom: var(--space-4);
      padding: 0;
      font-size: var(--text-13);
      font-weight: 500;
    }
    .track {
      display: flex;
      gap: 2px;
      padding: 3px;
      border-radius: var(--radius-control);
      box-shadow: inset 0 0 0 1px var(--line);
    }
    label {
      position: relative;
      flex: 1 1 auto;
      min-width: 0;
      cursor: pointer;
    }
    span {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--space-8);
      min-height: 38px;
      padding: var(--space-4) var(--space-8);
      border-radius: 6px;
      color: var(--muted);
      font-weight: 500;
      line-height: 1.2;
      text-align: center;
      transition:
        background-color var(--quick),
        color var(--quick);
    }
    label:hover input:not(:checked) + span {
      color: var(--text);
    }
    input:checked + span {
      background: var(--accent-soft);
      color: var(--accent);
    }
    fieldset:disabled .track {
      opacity: 0.5;
    }
    input:focus-visible + span {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }
    wc-icon {
      width: 1.1rem;
      height: 1.1rem;
    }
    @media (max-width: 420px) {
      wc-icon {
        display: none;
      }
    }
  `,
})
export class Segmented<T extends string> {
  readonly value = model.required<T>();
  readonly label = input.required<string>();
  readonly hideLabel = input(false);
  readonly disabled = input(false);
  readonly options = input.required<readonly ChoiceOption<T>[]>();
  protected readonly name = `segmented-${++segmentedCount}`;
}
