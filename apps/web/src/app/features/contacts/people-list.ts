import { Component, input, output } from '@angular/core';
import type { ContactDto } from '@webcall/contracts';
import { Avatar } from '../../ui/display/avatar';
import { Row } from '../../ui/display/row';
import { Button } from '../../ui/forms/button';

/** An action offered for every person of a list. */
export interface PersonAction {
  step: 'accept' | 'decline' | 'withdraw' | 'unblock';
  label: string;
  labelFor: (name: string) => string;
}

let peopleListCount = 0;

/** A list of people who are not contacts, such as requests; the last action is the main one. */
@Component({
  selector: 'section[wcPeople]',
  imports: [Avatar, Button, Row],
  template: `
    <h2 [id]="id">{{ heading() }}</h2>
    <ul>
      @for (person of people(); track person.userId) {
        <li wcRow [name]="person.name" [note]="note()">
          <wc-avatar [id]="person.userId" [name]="person.name" />
          <span class="actions">
            @for (action of actions(); track action.step) {
              <button
                small
                type="button"
                [wcButton]="raised() && $last ? 'primary' : 'ghost'"
                [busy]="$last && busy() === person.userId"
                [attr.aria-label]="action.labelFor(person.name)"
                (click)="chosen.emit({ userId: person.userId, step: action.step })"
              >
                {{ action.label }}
              </button>
            }
          </span>
        </li>
      }
    </ul>
  `,
  host: { '[attr.aria-labelledby]': 'id', '[class.raised]': 'raised()' },
  styles: `
    @use '../../../styles/page';

    :host(.raised) {
      padding: var(--space-16) var(--space-16) var(--space-8);
      border-radius: var(--radius-card);
      background: var(--accent-soft);
    }
    li {
      flex-wrap: wrap;
    }
    .actions {
      display: flex;
      gap: var(--space-4);
      margin-left: auto;
    }
    h2 {
      @include page.list-title;
    }
    :host(.raised) h2 {
      color: var(--text);
    }
  `,
})
export class PeopleList {
  protected readonly id = `people-${++peopleListCount}`;
  readonly heading = input.required<string>();
  readonly people = input.required<readonly ContactDto[]>();
  readonly actions = input.required<readonly PersonAction[]>();
  readonly note = input<string | null>(null);
  /** The people wait for an answer of the user. */
  readonly raised = input(false);
  /** Id of the person for whom an action is running. */
  readonly busy = input<string | null>(null);
  readonly chosen = output<{ userId: string; step: PersonAction['step'] }>();
}
