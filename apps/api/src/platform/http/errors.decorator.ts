import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { ErrorCode } from '@webcall/contracts';
import { Public } from '../access/access.guard';

/** OpenAPI extension that carries the refusals of an endpoint to the documentation. */
export const REFUSALS_EXTENSION = 'x-refusals';

/** Refusals of every endpoint; `unavailable` while a store cannot be reached. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_input',
  'payload_too_large',
  'too_many_requests',
  'internal_error',
  'unavailable',
];

/** Refusals of every endpoint that requires an access token. */
const SIGNED_IN_ERRORS: readonly ErrorCode[] = ['unauthorized', 'token_expired', 'session_ended'];

/** Documents the refusals of an endpoint for signed-in users. Common ones are added automatically. */
export function Errors(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiExtension(REFUSALS_EXTENSION, [...SIGNED_IN_ERRORS, ...codes, ...COMMON_ERRORS]),
  );
}

/** Makes an endpoint public, without an access token, and documents its refusals. */
export function PublicErrors(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(Public(), ApiExtension(REFUSALS_EXTENSION, [...codes, ...COMMON_ERRORS]));
}
