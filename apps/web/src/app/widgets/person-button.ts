import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, inject, input } from '@angular/core';
import { Session } from '../core/session/session';
import { Dialogs } from '../ui/feedback/dialog';
import { PersonCard, type PersonOfCard } from './person-card';

/** The name or face of a person: opens their card. Plain for oneself, and for guests, who have nothing to do with it. */
@Component({
  selector: 'wc-person',
  imports: [NgTemplateOutlet],
  template: `
    <ng-template #content><ng-content /></ng-template>
    @if (openable()) {
      <button
        type="button"
        aria-haspopup="dialog"
        [attr.aria-label]="label()"
        [attr.tabindex]="reachable() ? null : -1"
        (click)="openPersonCard()"
      >
        <ng-container [ngTemplateOutlet]="content" />
      </button>
    } @else {
      <ng-container [ngTemplateOutlet]="content" />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    button {
      max-width: 100%;
      overflow: hidden;
      border-radius: var(--radius-control);
      color: inherit;
      font: inherit;
      text-overflow: ellipsis;
      white-space: nowrap;
      vertical-align: bottom;
    }
    button:focus-visible {
      outline-offset: -2px;
    }
    button:hover {
      text-decoration: underline;
      text-underline-offset: 0.15em;
    }
  `,
})
export class PersonButton {
  private readonly user = inject(Session).user;
  private readonly dialogs = inject(Dialogs);
  readonly userId = input.required<string>();
  readonly name = input.required<string>();
  /** What the button is called if its content is a face. */
  readonly label = input<string | null>(null);
  /** Whether the Tab key stops here; a list of many names leaves that to its arrow keys. */
  readonly reachable = input(true);
  protected readonly openable = computed(() => {
    const self = this.user();
    return self !== null && !self.guest && self.id !== this.userId();
  });

  protected openPersonCard(): void {
    const person: PersonOfCard = { userId: this.userId(), name: this.name() };
    void this.dialogs.openDialog(PersonCard, person, person.name);
  }
}
