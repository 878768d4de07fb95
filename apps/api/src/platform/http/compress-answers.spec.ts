import express from 'express';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compressAnswers } from './compress-answers';

const ROOMS = { rooms: Array.from({ length: 200 }, (_, i) => ({ id: `room ${i}`, name: 'Kitchen table' })) };

let server: Server;
beforeAll(async () => {
  const app = express();
  app.use(compressAnswers());
  app.all('/many', (_, response) => void response.json(ROOMS));
  app.all('/few', (_, response) => void response.json({ rooms: ROOMS.rooms.slice(0, 5) }));
  server = createServer(app).listen(0);
  await once(server, 'listening');
});
afterAll(() => server.close());

async function ask(method: string, path: string, accepted?: string): Promise<{ encoding?: string; body: Buffer }> {
  const { port } = server.address() as AddressInfo;
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
  const sent = request({ port, path, method, headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) };
}

const read = (body: Buffer): unknown => JSON.parse(body.toString());

it('compresses long answers as the client likes it best', async () => {
  const [best, gzip, none] = [
    await ask('GET', '/many', 'gzip, br'),
    await ask('GET', '/many', 'gzip'),
    await ask('GET', '/many'),
  ];
  expect([best.encoding, gzip.encoding, none.encoding]).toEqual(['br', 'gzip', undefined]);
  for (const body of [brotliDecompressSync(best.body), gunzipSync(gzip.body), none.body])
    expect(read(body)).toEqual(ROOMS);
  for (const { body } of [best, gzip]) expect(body.length).toBeLessThan(none.body.length / 5);
});

it.each([
  ['a short answer', 'GET', '/few'],
  ['an answer to POST, which may carry a secret', 'POST', '/many'],
  ['an answer to PATCH', 'PATCH', '/many'],
])('leaves %s as it is', async (_, method, path) => {
  const { encoding, body } = await ask(method, path, 'gzip, br');
  expect([encoding, typeof read(body)]).toEqual([undefined, 'object']);
});
