import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { REFRESH_COOKIE } from '../access/refresh-cookie';
import { enrich } from './enrich';

const ABOUT = `Calls and chat on your own server.

**Signing in.** \`POST /api/v1/auth/login\` answers with an access token: press "Authorize" and paste it. It lives 15 minutes;
\`POST /api/v1/auth/refresh\` gives the next one for the refresh token, which is in a cookie that scripts cannot read.

**Errors.** Whatever goes wrong is answered with \`{"error": {"code", "message", "requestId", "details"}}\`. Codes are stable;
the request id is in the server's log as well.

**Sockets.** Chat and calls live on Socket.IO at the default path, with the access token in \`auth.token\`. Every command is
acknowledged with \`{"ok": true, …}\` or \`{"ok": false, "error": …}\`, with the same codes. All commands and events, with what they
carry, are in [an AsyncAPI document](/docs/asyncapi.json).`;

/** Descriptions and examples, read from types and doc comments by the build. */
export interface DocsMetadata {
  /** What `SwaggerModule.loadPluginMetadata` takes. */
  readonly rest: Parameters<typeof SwaggerModule.loadPluginMetadata>[0];
  /** The AsyncAPI document of the socket. */
  readonly socketApi: object;
}

/** Describes all REST endpoints. */
export async function openApi(
  app: INestApplication,
  metadata: DocsMetadata['rest'] | undefined,
): Promise<OpenAPIObject> {
  if (metadata) await SwaggerModule.loadPluginMetadata(metadata);
  const config = new DocumentBuilder()
    .setTitle('WebCall API')
    .setDescription(ABOUT)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token' })
    .addCookieAuth(REFRESH_COOKIE, { type: 'apiKey', in: 'cookie', description: 'The refresh token' })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  enrich(document);
  return document;
}
