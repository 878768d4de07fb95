import type { PipeTransform } from '@nestjs/common';
import { AppError } from '../../platform/http/app-error';

/** A public identity key, 32 bytes, in base64url. */
const IDENTITY_PATTERN = /^[\w-]{43}$/;

/** Checks an identity in a path: an invalid one is refused like one that does not exist. */
export class IdentityPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!IDENTITY_PATTERN.test(value)) throw new AppError('device_list_not_found');
    return value;
  }
}
