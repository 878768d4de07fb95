import { SOCKET_COMMANDS } from '@webcall/contracts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { socketApi } from '../../metadata';

interface Message {
  name: string;
  payload: object;
  examples: { payload: unknown }[];
}

interface Operation {
  action: string;
  summary: string;
  messages: { $ref: string }[];
  reply?: { messages: { $ref: string }[] };
}

const operations = Object.entries(socketApi.operations) as [string, Operation][];
const contract = readFileSync(path.resolve(__dirname, '../../../../../libs/contracts/src/events.ts'), 'utf8');
const events = [...contract.matchAll(/^ {2}'([a-z]+:[a-z]+)': \(event/gm)].map(([, name]) => name);

/** Resolves a reference, through further references. */
function resolve($ref: string): unknown {
  const found = $ref
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], socketApi);
  const next = (found as { $ref?: string } | undefined)?.$ref;
  return next ? resolve(next) : found;
}

/** Every reference in a value. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

const namesOf = (action: string): string[] =>
  operations
    .filter(([, operation]) => operation.action === action)
    .flatMap(([, { messages }]) => messages.map(({ $ref }) => (resolve($ref) as Message).name));

it('contains every command, as received by the server', () => expect(namesOf('receive')).toEqual(SOCKET_COMMANDS));

it('contains every event, as sent by the server', () => {
  expect(events.length).toBeGreaterThan(10);
  expect(namesOf('send')).toEqual(events);
});

it('is of version 3, with valid names and without dangling references', () => {
  expect(socketApi).toMatchObject({
    asyncapi: '3.0.0',
    info: { title: expect.any(String), version: expect.any(String) },
  });
  const { messages, schemas } = socketApi.components;
  for (const key of [...Object.keys(messages), ...Object.keys(schemas)]) expect(key).toMatch(/^[\w.-]+$/);
  const all = references(socketApi);
  expect(all.length).toBeGreaterThan(200);
  for (const reference of all) expect([reference, typeof resolve(reference)]).toEqual([reference, 'object']);
});

it.each(operations)('describes %s, with an example', (_, { action, summary, messages, reply }) => {
  expect(summary.length).toBeGreaterThan(10);
  expect(reply !== undefined).toBe(action === 'receive');
  for (const { $ref } of [...messages, ...(reply?.messages ?? [])]) {
    expect(resolve($ref)).toMatchObject({ payload: expect.any(Object), examples: [{ payload: expect.any(Object) }] });
  }
});

it('describes the payload of a command and both of its answers', () => {
  const { 'command.chat.send': command, 'answer.chat.send': answer } = socketApi.components.messages;
  expect(command.examples[0]).toEqual({
    payload: { roomId: expect.any(String), id: expect.any(String), text: 'See you at eight' },
  });
  expect(resolve(command.payload.$ref)).toMatchObject({
    required: expect.arrayContaining(['roomId', 'id', 'text']),
    properties: { id: { type: 'string', format: 'uuid', description: 'UUIDv7 made by the client.' } },
  });
  expect(answer.payload.anyOf).toMatchObject([
    { properties: { ok: { const: true }, seq: { type: 'number' } } },
    { properties: { ok: { const: false }, error: { $ref: '#/components/schemas/WireError' } } },
  ]);
});
