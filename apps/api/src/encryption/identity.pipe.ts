import type { PipeTransform } from '@nestjs/common';
import type { ErrorCode } from '@webcall/contracts';
import { AppError } from '../platform/http/app-error';

/** Bytes of a public identity key. */
const KEY_LENGTH = 32;

/** Reads the public identity key in a path: base64url, in its only form. Anything else is refused like one unknown. */
export class IdentityPipe implements PipeTransform<string, Buffer> {
  constructor(private readonly code: ErrorCode) {}

  transform(value: string): Buffer {
    const key = Buffer.from(value, 'base64url');
    if (key.length !== KEY_LENGTH || key.toString('base64url') !== value) throw new AppError(this.code);
    return key;
  }
}
