import type { PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { ErrorCode } from '@webcall/contracts';
import { AppError } from './app-error';

/** An id in a path: what is no UUID names nothing, so it is told like something that does not exist. */
export class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly code: ErrorCode) {}

  transform(value: string): string {
    if (!isUUID(value)) throw new AppError(this.code);
    return value.toLowerCase();
  }
}
