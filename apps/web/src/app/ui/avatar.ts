import { Component, computed, input } from '@angular/core';
import { hueOf } from './hue';

/** A person or a room: the first letters of the name on the colour that belongs to the id. */
@Component({
  selector: 'wc-avatar',
  template: '',
  host: {
    '[class]': "'hue-' + hue() + ' ' + shape()",
    'aria-hidden': 'true',
    '[attr.data-letters]': 'letters()',
    '[style.--size]': "size() + 'px'",
  },
  styleUrl: './avatar.scss',
})
export class Avatar {
  readonly id = input.required<string>();
  readonly name = input.required<string>();
  readonly size = input(40);
  /** People are round, rooms are not. */
  readonly shape = input<'person' | 'room'>('person');
  protected readonly hue = computed(() => hueOf(this.id()));
  protected readonly letters = computed(() => initials(this.name()));
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ''));
  return letters.join('').toLocaleUpperCase();
}
