import { Injectable, type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import { AppError } from './app-error';

/** Nothing that a client sends is nested deeper; far deeper input would exhaust the stack of whoever walks it. */
const MAX_DEPTH = 16;

/** Checks what clients send against the DTO classes of the contracts, over REST and over the socket alike. */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({ transform: true, whitelist: true, exceptionFactory: (errors) => invalidInput(errors) });
  }

  /** @throws AppError invalid_input, with what is wrong with each field */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (isDeeperThan(value, MAX_DEPTH)) throw new AppError('invalid_input');
    if (metadata.type === 'body' && value !== undefined && (typeof value !== 'object' || Array.isArray(value))) {
      throw new AppError('invalid_input');
    }
    return super.transform(value, metadata);
  }
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

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}
