import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { rest } from '../support/rest';
import { startApp, type TestApp } from '../support/test-app';

const SCRIPT = 'console.log("a script that is long enough to be compressed");'.repeat(40);
const PAGE = '<!doctype html><title>WebCall</title>';

let folder: string;
let server: TestApp;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'webcall-web-'));
  const root = path.join(folder, 'web');
  mkdirSync(path.join(root, 'media'), { recursive: true });
  writeFileSync(path.join(folder, 'secret.txt'), 'not for the web');
  writeFileSync(path.join(root, 'index.html'), PAGE);
  writeFileSync(path.join(root, 'main-5sX-NCpM.js'), SCRIPT);
  writeFileSync(path.join(root, 'main-5sX-NCpM.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(path.join(root, 'main-5sX-NCpM.js.gz'), gzipSync(SCRIPT));
  writeFileSync(path.join(root, 'media/ring.wav'), 'sound');
  writeFileSync(path.join(root, 'late-5sX-NCpM.js'), SCRIPT);
  server = await startApp({ env: { WEB_ROOT: root } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  rest(server.url).send('GET', path, undefined, { accept: 'text/html,*/*', ...headers });

it.each([
  ['br', 'gzip, deflate, br'],
  ['gzip', 'gzip'],
  [null, 'identity'],
])('sends a hashed file for ever, compressed as %s for %s', async (encoding, accepted) => {
  const { status, body, headers } = await get('/main-5sX-NCpM.js', { 'accept-encoding': accepted });
  expect([status, body]).toEqual([200, SCRIPT]);
  expect(headers.get('content-encoding')).toBe(encoding);
  expect(headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(headers.get('vary')).toContain('Accept-Encoding');
});

it('answers revalidation of files that may change with headers only', async () => {
  const first = await get('/media/ring.wav');
  expect([first.body, first.headers.get('cache-control')]).toEqual(['sound', 'no-cache']);
  // By default fetch would add `cache-control: no-cache`, for which the server sends the whole file.
  const kept = { 'if-none-match': first.headers.get('etag')!, 'cache-control': 'max-age=0' };
  const again = await get('/media/ring.wav', kept);
  expect(again.status).toBe(304);
});

it.each([
  ...['/', '/sign-in', '/r/0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e', '/join/kT3v9sXhQm2LwB7c'],
  ...['.', ',', ';', ':', '!', ')', '*', '...', '.)', '."', '%E3%80%82', '.Thanks', '.html', '.js', '.5', '/.'].map(
    (mark) => `/join/kT3v9sXhQm2LwB7c${mark}`,
  ),
  ...['/sign-in.', '/r/0198c0de-7a51-7c3e-9d2b-6f1a2b3c4d5e.', '/index.php', '/main-GONE2345.js', '/docs.', '/api,'],
])('answers a navigation with index.html: %s', async (page) => {
  const { status, body, headers } = await get(page);
  expect([status, body, headers.get('cache-control')]).toEqual([200, PAGE, 'no-cache']);
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
});

it.each([
  ...['/api/v1/nothing', '/API/v1/nothing', '/Api', '/DOCS', '/Readyz/nothing', '/docs/nothing', '/metrics/nothing.'],
])('has no page among the paths of the server: %s', async (missing) => {
  const { status, body } = await get(missing);
  expect([status, body.error?.code]).toEqual([404, 'not_found']);
});

it.each([
  ...['/main-GONE2345.js', '/main-5sX-NCpM.js.br', '/media/gone.wav', '/join/kT3v9sXhQm2LwB7c.js'],
  ...['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt'],
])('has no page in place of a missing file: %s', async (missing) => {
  const { status, body } = await get(missing, { accept: '*/*' });
  expect([status, body.error?.code]).toEqual([404, 'not_found']);
});

it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..%5csecret.txt'])(
  'never leaves the folder of the client: %s',
  async (outside) => expect((await get(outside)).body).toBe(PAGE),
);

it.each([
  'text/html',
  'TEXT/HTML',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'application/xhtml+xml',
  'application/xhtml+xml;q=0.9, application/json',
  'application/xhtml+xml,application/xml;q=0.9,image/*;q=0.5',
  'application/json;q=0.5, text/html',
  'text/*',
  '*/*',
  'image/avif,image/webp,*/*;q=0.8',
])('takes a request that accepts %s for a navigation', async (accept) => {
  for (const page of ['/sign-in', '/join/kT3v9sXhQm2LwB7c.']) expect((await get(page, { accept })).body).toBe(PAGE);
});

it.each([
  'application/json',
  'application/json, text/plain',
  'image/avif,image/webp',
  'text/css',
  'application/xml',
  'text/html;q=0',
  'application/xhtml+xml;q=0, application/json',
])('has no page for a request that accepts %s', async (accept) => {
  for (const page of ['/sign-in', '/join/kT3v9sXhQm2LwB7c.']) expect((await get(page, { accept })).status).toBe(404);
});

it('has no page for other methods', async () => {
  expect((await rest(server.url).send('POST', '/sign-in', {})).status).toBe(404);
});

interface Operation {
  responses: Record<string, { content: Record<string, { examples: object }> }>;
  security?: object[];
}

describe('the documentation', () => {
  it('is a page without inline scripts or styles', async () => {
    const { body } = await get('/docs');
    expect(body).toContain('swagger-ui-bundle.js');
    expect((await get('/docs/')).body).toBe(body);
    expect(body).not.toMatch(/<script>|<style|style=|onload=/);
    for (const asset of ['prepare.js', 'start.js', 'swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) {
      expect((await get(`/docs/${asset}`)).status).toBe(200);
    }
  });

  it('is revalidated each time, since it changes with the server', async () => {
    for (const name of ['', '/start.js', '/swagger-ui.css', '/openapi.json']) {
      expect((await get(`/docs${name}`)).headers.get('cache-control')).toBe('no-cache');
    }
  });

  describe('with API_DOCS=off', () => {
    let closed: TestApp;
    beforeAll(async () => {
      closed = await startApp({
        database: server.db,
        env: { WEB_ROOT: path.join(folder, 'web'), API_DOCS: 'off' },
      });
    });
    afterAll(() => closed.close());

    it.each([
      ...['/docs', '/docs/', '/docs/index.html', '/docs/openapi.json', '/docs/asyncapi.json', '/docs/start.js'],
      ...['/docs/prepare.js', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css', '/docs?url=/docs/openapi.json'],
    ])('is nowhere, nor a page of the client in its place: %s', async (missing) => {
      const { status, body } = await rest(closed.url).send('GET', missing, undefined, {
        accept: 'text/html,*/*',
      });
      expect([status, body.error?.code]).toEqual([404, 'not_found']);
    });
  });

  it('has for every endpoint a description, its errors and, where needed, the access token', async () => {
    const { body } = await get('/docs/openapi.json');
    const operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(25);
    for (const { name, path, responses, security } of operations) {
      expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['400', '429', '500'])]);
      expect([name, Object.keys(responses)[0]]).toEqual([name, expect.stringMatching(/^20/)]);
      const open = /auth\/(register|login|refresh|logout|reset-password)$|invitations\/{code}(\/guest)?$/.test(path);
      expect([
        name,
        Boolean(
          responses['401']?.content['application/json'] &&
          'token_expired' in responses['401'].content['application/json'].examples,
        ),
      ]).toEqual([name, !open]);
      if (!open) expect([name, security]).toEqual([name, [{ bearer: [] }]]);
    }
  });
});

it('answers an impossible range like any other refusal', async () => {
  const { status, body, headers } = await get('/main-5sX-NCpM.js', { 'accept-encoding': 'br', range: 'bytes=999999-' });
  expect([status, body.error.code]).toEqual([400, 'invalid_input']);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('content-encoding')).toBeNull();
  expect(headers.get('cache-control')).toBe('no-store');
});

it('does not let the 404 of a missing file be cached', async () => {
  rmSync(path.join(folder, 'web', 'late-5sX-NCpM.js'));
  const { status, body, headers } = await get('/late-5sX-NCpM.js');
  expect([status, body.error.code, headers.get('cache-control')]).toEqual([404, 'not_found', 'no-store']);
});
