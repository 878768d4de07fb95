import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CATALOG, ErrorBody, type ErrorCode } from '@webcall/contracts';
import { REFUSALS_EXTENSION } from '../http/errors.decorator';

interface Operation {
  parameters?: { name: string; in: string; description?: string; example?: string }[];
  responses: Record<string, { description: string; content?: object }>;
  [REFUSALS_EXTENSION]?: readonly ErrorCode[];
}

const EXAMPLE_ID = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
const EXAMPLE_KEY = 'dGhpcnR5LXR3byBieXRlcyBtYWtlIG9uZSBTSEEyNTY';

/** Documentation of the path parameters. */
const PATH_PARAMETERS: Record<string, { description: string; example: string }> = {
  roomId: { description: 'Id of the room', example: EXAMPLE_ID },
  userId: { description: 'Id of the user', example: EXAMPLE_ID },
  deviceId: { description: 'Id of the device', example: EXAMPLE_ID },
  groupId: {
    description: 'Id of the group, in base64url',
    example: 'NmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiAAAAAHd2dXR0c3JxcHBvbm5tbGw',
  },
  invitationId: { description: 'Id of the invitation', example: EXAMPLE_ID },
  sessionId: { description: 'Id of the session', example: EXAMPLE_ID },
  identity: { description: 'A public identity key, in base64url', example: EXAMPLE_KEY },
  code: { description: 'The code in the link of an invitation', example: 'kT3v9sXhQm2LwB7c' },
};

/** Adds the common parts of the document: the error schema, the refusals of each endpoint, the path parameters. */
export function addSharedOpenApiParts(document: OpenAPIObject): void {
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, [ErrorBody.name]: ERROR_SCHEMA };
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods as Record<string, Operation>)) {
      for (const parameter of operation.parameters ?? []) Object.assign(parameter, PATH_PARAMETERS[parameter.name]);
      for (const success of Object.values(operation.responses)) success.description ||= 'Done';
      addErrorResponses(operation);
    }
  }
}

/** Adds one response for each status, with an example for each code. */
function addErrorResponses(operation: Operation): void {
  const codes = [...new Set(operation[REFUSALS_EXTENSION])];
  delete operation[REFUSALS_EXTENSION];
  for (const status of new Set(codes.map((code) => ERROR_CATALOG[code].status))) {
    const group = codes.filter((code) => ERROR_CATALOG[code].status === status);
    operation.responses[status] = {
      description: group.map((code) => `\`${code}\`: ${ERROR_CATALOG[code].message}`).join('\n\n'),
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(ErrorBody) },
          examples: Object.fromEntries(group.map((code) => [code, { value: exampleErrorOf(code) }])),
        },
      },
    };
  }
}

function exampleErrorOf(code: ErrorCode): ErrorBody {
  return { error: { code, message: ERROR_CATALOG[code].message, requestId: '0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e' } };
}

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'requestId'],
      properties: {
        code: { type: 'string', enum: Object.keys(ERROR_CATALOG), description: 'Stable: programs can rely on it' },
        message: { type: 'string', description: 'A sentence for people' },
        requestId: { type: 'string', description: 'To find the request in the log of the server' },
        details: {
          type: 'object',
          additionalProperties: true,
          description:
            'More about it: the problems of each field for `invalid_input`, `quota` and `limit` for `quota_reached`',
        },
      },
    },
  },
};
