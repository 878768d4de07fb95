import { Component, computed, input } from '@angular/core';

/** A placeholder for a loading list; appears only after 150 ms. */
@Component({
  selector: 'wc-skeleton',
  template: `
    @for (row of list(); track $index) {
      <div class="row">
        @if (withAvatar()) {
          <i class="avatar" [class.person]="shape() === 'person'"></i>
        }
        <span><i class="line"></i><i class="line short"></i></span>
      </div>
    }
  `,
  host: { class: 'appear-late', 'aria-hidden': 'true' },
  styles: `
    :host {
      display: grid;
      gap: var(--space-16);
      padding: var(--space-12);
    }
    .row {
      display: flex;
      align-items: center;
      gap: var(--space-12);
    }
    span {
      display: grid;
      flex: 1;
      gap: var(--space-8);
    }
    i {
      display: block;
      border-radius: var(--radius-control);
      background: var(--line);
    }
    .avatar {
      width: 40px;
      height: 40px;
      border-radius: var(--radius-card);
    }
    .person {
      border-radius: 50%;
    }
    .line {
      width: 60%;
      height: 10px;
    }
    .short {
      width: 85%;
      opacity: 0.6;
    }
    .row:nth-child(even) .line {
      width: 45%;
    }
    .row:nth-child(even) .short {
      width: 70%;
    }
  `,
})
export class Skeleton {
  readonly rows = input(4);
  readonly withAvatar = input(true);
  /** Shape of the expected avatars: people are round, rooms are not. */
  readonly shape = input<'person' | 'room'>('room');
  protected readonly list = computed(() => Array.from({ length: this.rows() }));
}
