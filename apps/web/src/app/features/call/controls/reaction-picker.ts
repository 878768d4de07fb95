import { type FocusableOption, FocusKeyManager } from '@angular/cdk/a11y';
import {
  afterNextRender,
  Component,
  Directive,
  ElementRef,
  inject,
  Injector,
  output,
  viewChildren,
} from '@angular/core';
import { type Reaction, REACTIONS } from '@webcall/contracts';
import { I18n } from '../../../core/text/i18n';
import { IconLabel } from '../../../ui/feedback/tooltip';

@Directive({ selector: '[wcChoice]' })
class ReactionChoice implements FocusableOption {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  focus(): void {
    this.element.focus();
  }
}

/** A row of reaction buttons with arrow key navigation. */
@Component({
  selector: 'wc-reaction-picker',
  imports: [IconLabel, ReactionChoice],
  template: `
    @for (reaction of all; track reaction) {
      <button wcChoice type="button" [wcLabel]="t().signs.reactions[reaction]" (click)="chosen.emit(reaction)">
        <span aria-hidden="true">{{ reaction }}</span>
      </button>
    }
  `,
  host: { role: 'toolbar', '[attr.aria-label]': 't().signs.react', '(keydown)': 'keys.onKeydown($event)' },
  styles: `
    @use '../../../../styles/tokens';

    :host {
      @include tokens.stage;

      display: flex;
      gap: 2px;
      padding: var(--space-4);
      border-radius: var(--radius-full);
      background: var(--raised);
      box-shadow: var(--shadow);
      animation: appear var(--quick);
    }
    button {
      display: grid;
      place-items: center;
      width: 48px;
      height: 48px;
      border-radius: 50%;
      font-size: 26px;
      line-height: 1;
    }
    button:hover,
    button:focus-visible {
      background: var(--hover);
    }
  `,
})
export class ReactionPicker {
  protected readonly t = inject(I18n).t;
  protected readonly all = REACTIONS;
  readonly chosen = output<Reaction>();
  private readonly choices = viewChildren(ReactionChoice);
  protected readonly keys = new FocusKeyManager(this.choices, inject(Injector))
    .withHorizontalOrientation('ltr')
    .withWrap()
    .withHomeAndEnd();

  constructor() {
    afterNextRender(() => this.keys.setFirstItemActive());
  }
}
