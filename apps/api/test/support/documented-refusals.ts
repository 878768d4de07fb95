import type { ErrorBody, ErrorCode } from '@webcall/contracts';

type Operation = { responses: Record<string, { content?: Record<string, { examples?: object }> }> };
interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
}

let known: Promise<OpenApiDocument | undefined> | undefined;

/** Fails when an endpoint has refused something with a code that its documentation does not list. */
export async function requireDocumentedRefusal(
  method: string,
  url: string,
  { status, body }: { status: number; body: unknown },
): Promise<void> {
  if (status < 400) return;
  const { origin, pathname } = new URL(url);
  known ??= loadOpenApiDocument(origin);
  const operation = findOperation(await known, method, pathname);
  if (!operation) return;
  const { code } = (body as ErrorBody).error;
  const documented: Partial<Record<ErrorCode, unknown>> =
    operation.responses[status]?.content?.['application/json']?.examples ?? {};
  if (!(code in documented))
    throw new Error(`${method} ${pathname} answers ${status} ${code}, which its documentation does not list`);
}

/** All test servers have the same document; one that has none, or has just died, leaves it to the next. */
async function loadOpenApiDocument(origin: string): Promise<OpenApiDocument | undefined> {
  const response = await fetch(`${origin}/docs/openapi.json`).catch(() => undefined);
  if (response?.ok) return (await response.json()) as OpenApiDocument;
  known = undefined;
  return undefined;
}

/** @returns nothing for a path that is no endpoint, or a method that it does not have */
function findOperation(document: OpenApiDocument | undefined, method: string, pathname: string): Operation | undefined {
  const parts = pathname.split('/');
  const fitting = Object.entries(document?.paths ?? {}).filter(([template]) => {
    const names = template.split('/');
    return names.length === parts.length && names.every((name, i) => name.startsWith('{') || name === parts[i]);
  });
  // `/rooms/public` fits `/rooms/{roomId}`, too.
  const [best] = fitting.sort(([a], [b]) => a.split('{').length - b.split('{').length);
  return best?.[1][method.toLowerCase()];
}
