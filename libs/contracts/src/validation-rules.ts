import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** The greatest number that fits into a column for whole numbers. */
export const MAX_STORED_INTEGER = 2 ** 31 - 1;

/** How the server parses input: as an instance of the DTO class, without properties that the class does not name. */
export const INPUT_VALIDATION_OPTIONS = { transform: true, whitelist: true } as const;

/**
 * A text of `min` to `max` UTF-16 code units, as input fields and databases count them. The rule of the same name in
 * class-validator counts an emoji of three units as one, so three times as much would pass.
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

/** `min` to `max` bytes in base64url without padding, in the only form that they have. */
export function IsBase64Url(
  { min, max }: { readonly min: number; readonly max: number },
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name: 'base64Url',
      constraints: [min, max],
      validator: {
        validate: (value) => typeof value === 'string' && hasByteCount(value, min, max) && isCanonicalBase64Url(value),
        defaultMessage: () => '$property must be base64url of $constraint1 to $constraint2 bytes, without padding',
      },
    },
    options,
  );
}

function hasByteCount(base64Url: string, min: number, max: number): boolean {
  const bytes = Math.floor((base64Url.length * 3) / 4);
  return bytes >= min && bytes <= max;
}

/** The last character has bits that stand for nothing; set, they would make a second form of the same bytes. */
function isCanonicalBase64Url(text: string): boolean {
  const last = { 0: /$/, 2: /[AQgw]$/, 3: /[AEIMQUYcgkosw048]$/ }[text.length % 4];
  return last !== undefined && last.test(text) && /^[\w-]*$/.test(text);
}

/** A text that keeps a rule of the domain. */
export function KeepsRule(isValid: (text: string) => boolean, message: string): PropertyDecorator {
  return ValidateBy({
    name: isValid.name,
    validator: {
      validate: (value) => typeof value === 'string' && isValid(value),
      defaultMessage: () => message,
    },
  });
}

/** A text that is replaced by a normal form of it, for which the other rules hold. */
export function NormalizedBy(normalize: (text: string) => string): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalize(value) : value));
}

/** A number from a query string, where all values are text. Only digits: an empty text is no 0, and `0x10` no 16. */
export function NumberFromQuery(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
  );
}
