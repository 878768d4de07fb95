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
  protected readonly letters = computed(() => initials(this.name(), this.shape()));
}

/** The first letter of the first and the last word that has one; in the name of a room, as of a year, a digit too. */
function initials(name: string, shape: 'person' | 'room'): string {
  const sign = shape === 'person' ? /\p{L}/u : /[\p{L}\p{N}]/u;
  const firsts = name
    .split(/[\s._-]+/u)
    .map((word) => sign.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  const shown = firsts.length > 1 ? [firsts[0], firsts.at(-1)] : [firsts[0] ?? [...name.trim()][0]];
  return shown.join('').toLocaleUpperCase();
}
