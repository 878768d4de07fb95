import { Component, computed, input } from '@angular/core';

/** The picture of a person or room: initials of the name on a colour derived from the id. */
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
  protected readonly hue = computed(() => personHueOf(this.id()));
  protected readonly letters = computed(() => initialsOf(this.name(), this.shape()));
}

/** @returns the first letter of the first and the last word; room names may use a digit too, such as of a year */
function initialsOf(name: string, shape: 'person' | 'room'): string {
  const pattern = shape === 'person' ? /\p{L}/u : /[\p{L}\p{N}]/u;
  const letters = name
    .split(/[\s._-]+/u)
    .map((word) => pattern.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  const initials = letters.length > 1 ? [letters[0], letters.at(-1)] : [letters[0] ?? [...name.trim()][0]];
  return initials.join('').toLocaleUpperCase();
}

const HUE_COUNT = 12;

/**
 * Chooses the colour of a person: the same in every list, call and browser.
 * @returns the number of `--person-N` (behind white letters) and `--person-ink-N` (as text and ring)
 */
export function personHueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return Math.abs(hash) % HUE_COUNT;
}
