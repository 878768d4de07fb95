import type { PipeTransform } from '@nestjs/common';
import { AppError } from '../../platform/http/app-error';

/** Bytes of a public identity key. */
const KEY_LENGTH = 32;

/** Reads the public identity key in a path: base64url, in its only form. */
export class IdentityPipe implements PipeTransform<string, Buffer> {
  transform(value: string): Buffer {
    const key = Buffer.from(value, 'base64url');
    if (key.length !== KEY_LENGTH || key.toString('base64url') !== value)
      throw new AppError('invalid_input', { identity: ['identity must be base64url of 32 bytes'] });
    return key;
  }
}
