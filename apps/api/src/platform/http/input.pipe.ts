import { Injectable, type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import { INPUT_OPTIONS } from '@webcall/contracts';
import { AppError } from './app-error';
import { quickInput } from './quick-input';

/** Nothing that a client sends is nested deeper; far deeper input would exhaust the stack of whoever walks it. */
const MAX_DEPTH = 16;

/** No command has nearly as many values in it; validating very many would hold everybody up. */
const MAX_VALUES = 1000;

/** NUL and half characters: no store takes them, and some validators throw at them. */
const NOT_TEXT = /[\0\p{Cs}]/u;

/** Checks what clients send against the DTO classes of the contracts, over REST and over the socket alike. */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({ ...INPUT_OPTIONS, exceptionFactory: (errors) => invalidInput(errors) });
  }

  /** @throws AppError invalid_input, with what is wrong with each field */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Not what a client sends: the socket itself, or what a decorator of ours found out.
    if (metadata.type === 'custom') return value;
    if (!isReadable(value)) throw new AppError('invalid_input');
    if (metadata.type === 'body' && value !== undefined && (typeof value !== 'object' || Array.isArray(value))) {
      throw new AppError('invalid_input');
    }
    const given = withoutNulls(value);
    return quickInput(metadata.metatype, given) ?? super.transform(given, metadata);
  }
}

/** JSON cannot say "undefined": a field that is null is a field that is missing. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** @returns the refusal with `details` by field, as in `{ "media.camera": ["camera must be a boolean value"] }`. */
function invalidInput(errors: readonly ValidationError[]): AppError {
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

function isReadable(input: unknown): boolean {
  let left = MAX_VALUES;
  const readable = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return !NOT_TEXT.test(value);
    if (typeof value !== 'object' || value === null) return true;
    const inner = Object.values(value);
    left -= inner.length;
    return left >= 0 && depth > 0 && inner.every((one) => readable(one, depth - 1));
  };
  return readable(input, MAX_DEPTH);
}
