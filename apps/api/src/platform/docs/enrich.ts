import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ERRORS, ErrorBody, type ErrorCode } from '@webcall/contracts';
import { REFUSALS } from '../http/answers';

interface Operation {
  parameters?: { name: string; in: string; description?: string; example?: string }[];
  responses: Record<string, { description: string; content?: object }>;
  [REFUSALS]?: readonly ErrorCode[];
}

const AN_ID = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';

/** What stands in paths. */
const PATH_PARAMETERS: Record<string, { description: string; example: string }> = {
  roomId: { description: 'Id of the room', example: AN_ID },
  userId: { description: 'Id of the user', example: AN_ID },
  invitationId: { description: 'Id of the invitation', example: AN_ID },
  sessionId: { description: 'Id of the session', example: AN_ID },
  code: { description: 'What stands in the link of an invitation', example: 'kT3v9sXhQm2LwB7c' },
};

/** Adds what is the same everywhere: the shape of errors, the refusals that endpoints have named, what paths hold. */
export function enrich(document: OpenAPIObject): void {
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, [ErrorBody.name]: ERROR_SCHEMA };
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods as Record<string, Operation>)) {
      for (const parameter of operation.parameters ?? []) Object.assign(parameter, PATH_PARAMETERS[parameter.name]);
      for (const success of Object.values(operation.responses)) success.description ||= 'Done';
      addRefusals(operation);
    }
  }
}

/** One response for each status, with an example for each code. */
function addRefusals(operation: Operation): void {
  const codes = [...new Set(operation[REFUSALS])];
  delete operation[REFUSALS];
  for (const status of new Set(codes.map((code) => ERRORS[code].status))) {
    const group = codes.filter((code) => ERRORS[code].status === status);
    operation.responses[status] = {
      description: group.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(ErrorBody) },
          examples: Object.fromEntries(group.map((code) => [code, { value: example(code) }])),
        },
      },
    };
  }
}

function example(code: ErrorCode): ErrorBody {
  return { error: { code, message: ERRORS[code].message, requestId: '0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e' } };
}

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'requestId'],
      properties: {
        code: { type: 'string', enum: Object.keys(ERRORS), description: 'Stable: programs can count on it' },
        message: { type: 'string', description: 'A sentence for people' },
        requestId: { type: 'string', description: 'To find the request in the log of the server' },
        details: {
          type: 'object',
          additionalProperties: true,
          description:
            'More about it: what is wrong with each field for `invalid_input`, `quota` and `limit` for `quota_reached`',
        },
      },
    },
  },
};
