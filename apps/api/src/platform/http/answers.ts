import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { ErrorCode } from '@webcall/contracts';
import { Public } from '../access/access.guard';

/** Where the documentation finds the refusals of an endpoint. */
export const REFUSALS = 'x-refusals';

/** Refusals that every endpoint can answer with. */
const COMMON: readonly ErrorCode[] = ['invalid_input', 'too_many_requests', 'internal_error'];

/** Refusals of every endpoint that wants an access token. */
const SIGNED_IN: readonly ErrorCode[] = ['unauthorized', 'token_expired', 'session_ended'];

/** For the documentation: the refusals of an endpoint for signed-in users. The common ones come by themselves. */
export function Answers(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(ApiBearerAuth(), ApiExtension(REFUSALS, [...SIGNED_IN, ...codes, ...COMMON]));
}

/** An endpoint that needs no access token, with its refusals for the documentation. */
export function PublicAnswers(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(Public(), ApiExtension(REFUSALS, [...codes, ...COMMON]));
}
