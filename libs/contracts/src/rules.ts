import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** How the server reads what clients send: as an instance of the DTO class, without properties that it does not name. */
export const INPUT_OPTIONS = { transform: true, whitelist: true } as const;

/** A text with something to see in it: not only spaces, joiners, fillers and other signs that stand for nothing. */
export const VISIBLE_TEXT = /(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}\p{Co}]/u;

/**
 * A text of `min` to `max` UTF-16 code units, as fields and stores count them. The rule of the same name in class-validator
 * counts an emoji of three units as one, so that three times as much would pass.
 */
export function Length(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'lengthInCodeUnits',
    constraints: [min, max],
    validator: {
      validate: (value) => typeof value === 'string' && value.length >= min && value.length <= max,
      defaultMessage: () => '$property must have $constraint1 to $constraint2 characters',
    },
  });
}

/** A text of at most `max` UTF-16 code units. */
export function MaxLength(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'maxLengthInCodeUnits',
    constraints: [max],
    validator: {
      validate: (value) => typeof value === 'string' && value.length <= max,
      defaultMessage: () => '$property must have at most $constraint1 characters',
    },
  });
}

/** A number out of a query string, where all is text. Digits alone: an empty text is no 0, and `0x10` no 16. */
export function NumberFromQuery(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
  );
}
