import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  type ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import * as contracts from '@webcall/contracts';
import { INPUT_VALIDATION_OPTIONS } from '@webcall/contracts';
import type { ErrorCode } from '@webcall/contracts';
import { isUUID } from 'class-validator';
import { AppError } from './app-error';
import { prepareFastValidation, tryFastValidation } from './fast-validation';

/** No valid input is nested deeper; far deeper input would overflow the stack of code that walks it. */
const MAX_INPUT_DEPTH = 16;

/** No valid input has nearly as many values; validating very many would block the process. */
const MAX_INPUT_VALUES = 1000;

/** NUL and unpaired surrogates: no store accepts them, and some validators throw on them. */
const UNSTORABLE_TEXT = /[\0\p{Cs}]/u;

/** Validates input of clients against the DTO classes of the contracts, over REST and over the socket. */
@Injectable()
export class InputPipe implements PipeTransform {
  private readonly library = new ValidationPipe({
    ...INPUT_VALIDATION_OPTIONS,
    exceptionFactory: (errors) => toInvalidInputError(errors),
  });

  constructor() {
    prepareFastValidation(Object.values(contracts));
  }

  /**
   * @returns the input as its class, at once if it is valid: thousands of signals are validated
   * @throws AppError invalid_input, with the problems of each field
   */
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    // Not sent by a client: the socket itself, or the value of one of our own decorators.
    if (metadata.type === 'custom') return value;
    if (!isAcceptableInput(value)) throw new AppError('invalid_input');
    if (metadata.type === 'body' && value !== undefined && (typeof value !== 'object' || Array.isArray(value))) {
      throw new AppError('invalid_input');
    }
    const input = omitNullFields(value);
    return tryFastValidation(metadata.metatype, input) ?? this.library.transform(input, metadata);
  }
}

/** JSON has no `undefined`, so a null field counts as missing. */
function omitNullFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!Object.values(value).includes(null)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** @returns the refusal with `details` by field, as in `{ "media.camera": ["camera must be a boolean value"] }`. */
function toInvalidInputError(errors: readonly ValidationError[]): AppError {
  const details: Record<string, string[]> = {};
  const collect = (list: readonly ValidationError[], prefix: string): void => {
    for (const error of list) {
      const field = `${prefix}${error.property}`;
      if (error.constraints) details[field] = Object.values(error.constraints);
      collect(error.children ?? [], `${field}.`);
    }
  };
  collect(errors, '');
  return new AppError('invalid_input', details);
}

function isAcceptableInput(input: unknown): boolean {
  return isAcceptableValue(input, MAX_INPUT_DEPTH, { values: MAX_INPUT_VALUES });
}

/** @param remaining how many values more are acceptable in the whole input */
function isAcceptableValue(value: unknown, depth: number, remaining: { values: number }): boolean {
  if (typeof value === 'string') return !UNSTORABLE_TEXT.test(value);
  if (typeof value !== 'object' || value === null) return true;
  const inner = Object.values(value);
  remaining.values -= inner.length;
  if (remaining.values < 0 || depth <= 0) return false;
  for (const item of inner) if (!isAcceptableValue(item, depth - 1, remaining)) return false;
  return true;
}

/** Checks an id in a path: an invalid UUID is refused like an id that does not exist. */
export class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly code: ErrorCode) {}

  transform(value: string): string {
    if (!isUUID(value)) throw new AppError(this.code);
    return value.toLowerCase();
  }
}
