import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { REFRESH_COOKIE } from '../access/refresh-cookie';
import { addSharedOpenApiParts } from './shared-openapi-parts';

const API_DESCRIPTION = `Calls and chat on your own server.

**Signing in.** \`POST /api/v1/auth/login\` answers with an access token: press "Authorize" and paste it. It is valid
for 15 minutes; \`POST /api/v1/auth/refresh\` gives a new one for the refresh token, which is in a cookie that scripts
cannot read.

**Errors.** Every error is answered with \`{"error": {"code", "message", "requestId", "details"}}\`. Codes are stable;
the request id is in the server's log as well.

**Sockets.** Chat and calls use Socket.IO at the default path, with the access token in \`auth.token\`. Every command is
acknowledged with \`{"ok": true, …}\` or \`{"ok": false, "error": …}\`, with the same codes. All commands and events,
with their payloads, are in [an AsyncAPI document](/docs/asyncapi.json).`;

/** Descriptions and examples that the build extracts from types and doc comments. */
export interface DocsMetadata {
  /** The argument of `SwaggerModule.loadPluginMetadata`. */
  readonly rest: Parameters<typeof SwaggerModule.loadPluginMetadata>[0];
  /** The AsyncAPI document of the socket. */
  readonly socketApi: object;
}

/** Creates the OpenAPI document of all REST endpoints. */
export async function createOpenApiDocument(
  app: INestApplication,
  metadata: DocsMetadata['rest'] | undefined,
): Promise<OpenAPIObject> {
  if (metadata) await SwaggerModule.loadPluginMetadata(metadata);
  const config = new DocumentBuilder()
    .setTitle('WebCall API')
    .setDescription(API_DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token' })
    .addCookieAuth(REFRESH_COOKIE, { type: 'apiKey', in: 'cookie', description: 'The refresh token' })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  addSharedOpenApiParts(document);
  return document;
}
