import { AppError } from '../platform/http/app-error';
import { Turnstile } from './turnstile';

const work = () => {
  let finish!: () => void;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const run = jest.fn(() => done);
  return { run, finish };
};

const settled = () => new Promise(setImmediate);

it('runs a few at once and the others in their turn', async () => {
  const turnstile = new Turnstile(2, 10);
  const [a, b, c] = [work(), work(), work()];
  const all = [a, b, c].map(({ run }) => turnstile.pass(run));
  await settled();
  expect([a, b, c].map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 0]);
  b.finish();
  await settled();
  expect(c.run).toHaveBeenCalled();
  a.finish();
  c.finish();
  await Promise.all(all);
});

it('goes on after work that failed', async () => {
  const turnstile = new Turnstile(1, 10);
  await expect(turnstile.pass(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  await expect(turnstile.pass(() => Promise.resolve('done'))).resolves.toBe('done');
});

it('turns away whoever would wait too long', async () => {
  const turnstile = new Turnstile(1, 1);
  const [a, b] = [work(), work()];
  const waiting = [turnstile.pass(a.run), turnstile.pass(b.run)];
  await expect(turnstile.pass(() => Promise.resolve())).rejects.toThrow(AppError);
  a.finish();
  b.finish();
  await Promise.all(waiting);
});
