import Redis from 'ioredis';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Client } from 'pg';
import { QueryFailedError } from 'typeorm';
import { REDIS_COMMAND_OPTIONS } from '../redis/redis-options';
import { toAppError } from './error-translation';
import { isStoreOutage, isWriteRefusal } from './outage';

const withCode = (code: string): Error => Object.assign(new Error('of the driver'), { code });

it.each(['57P01', '57P02', '57P03', '08006', '53300', 'ECONNREFUSED', 'ECONNRESET'])('%s is an outage', (code) => {
  expect(isStoreOutage(withCode(code))).toBe(true);
  expect(isStoreOutage(new QueryFailedError('SELECT', [], withCode(code)))).toBe(true);
  expect(toAppError(withCode(code))?.code).toBe('unavailable');
});

it.each(['53100', '53000', '53200', '53400', '58030', '58000', '58P01', '25006'])('%s is a refused write', (code) => {
  const error = new QueryFailedError('INSERT', [], withCode(code));
  expect([isStoreOutage(error), isWriteRefusal(error), toAppError(error)?.code]).toEqual([true, true, 'unavailable']);
});

it.each(['53300', '57P01', '57P05', '08006', '23505'])('%s is not a refused write', (code) =>
  expect(isWriteRefusal(withCode(code))).toBe(false),
);

it.each([
  'MISCONF Errors writing to the AOF file: No space left on device',
  "OOM command not allowed when used memory > 'maxmemory'.",
  'NOREPLICAS Not enough good replicas to write.',
  'READONLY You can not write against a read only replica.',
])('reports Redis that cannot write as unavailable: %s', (message) =>
  expect(toAppError(new Error(message))?.code).toBe('unavailable'),
);

it.each(['57P04', '23505', '42601', 'ENOENT', 'ERR_INVALID_ARG_TYPE'])('%s is not an outage', (code) => {
  expect(isStoreOutage(withCode(code))).toBe(false);
  expect(isStoreOutage(new QueryFailedError('SELECT', [], withCode(code)))).toBe(false);
});

it('recognises, with both clients, a server that is down or ends the connection as an outage', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const attempts = async (): Promise<unknown[]> => {
    const postgres = new Client({ host: '127.0.0.1', port });
    const redis = new Redis({ ...REDIS_COMMAND_OPTIONS, port, host: '127.0.0.1' });
    redis.on('error', () => undefined);
    const errors = await Promise.all([postgres.connect(), redis.get('x')].map((one) => one.catch((e: unknown) => e)));
    redis.disconnect();
    return errors;
  };
  for (const error of await attempts()) expect([error, isStoreOutage(error)]).toEqual([error, true]);
  server.close();
  await once(server, 'close');
  for (const error of await attempts()) expect([error, isStoreOutage(error)]).toEqual([error, true]);
});
