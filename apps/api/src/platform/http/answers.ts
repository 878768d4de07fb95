import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERRORS, ErrorBody, type ErrorCode } from '@webcall/contracts';
import { Public } from '../access/access.guard';

/** Refusals that every handler can answer with. */
const COMMON: readonly ErrorCode[] = ['invalid_input', 'too_many_requests', 'internal_error'];

/** Refusals of every handler that wants an access token. */
const SIGNED_IN: readonly ErrorCode[] = ['unauthorized', 'token_expired', 'session_ended'];

/** For the documentation: the refusals of a handler for signed-in users. The common ones come by themselves. */
export function Answers(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(ApiBearerAuth(), ...responses([...SIGNED_IN, ...codes]));
}

/** A handler that needs no access token, with its refusals for the documentation. */
export function PublicAnswers(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(Public(), ...responses(codes));
}

/** One response for each status, with an example for each code. */
function responses(codes: readonly ErrorCode[]): MethodDecorator[] {
  const all = [...new Set([...codes, ...COMMON])];
  const statuses = [...new Set(all.map((code) => ERRORS[code].status))];
  return statuses.map((status) => {
    const group = all.filter((code) => ERRORS[code].status === status);
    return ApiResponse({
      status,
      description: group.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(ErrorBody) },
          examples: Object.fromEntries(group.map((code) => [code, { value: example(code) }])),
        },
      },
    });
  });
}

function example(code: ErrorCode): ErrorBody {
  return { error: { code, message: ERRORS[code].message, requestId: '0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e' } };
}
