import { KeyedMutex } from './mutex';

/** @returns a task that ends when it is told to */
function openTask(log: string[], name: string) {
  let end: (outcome: 'done' | 'failed') => void = () => undefined;
  const outcome = new Promise<void>((resolve, reject) => {
    end = (how) => (how === 'done' ? resolve() : reject(new Error(name)));
  });
  const task = async (): Promise<string> => {
    log.push(`${name} begins`);
    await outcome;
    return name;
  };
  return { task, end };
}

describe('tasks by key', () => {
  it('of one key run one after the other, of another key beside them, and a failure holds nobody up', async () => {
    const mutex = new KeyedMutex<string>();
    const log: string[] = [];
    const [first, second, other] = ['first', 'second', 'other'].map((name) => openTask(log, name));
    const results = [
      mutex.runExclusive('room', first!.task),
      mutex.runExclusive('room', second!.task),
      mutex.runExclusive('hall', other!.task),
    ];
    other!.end('done');
    expect(await results[2]).toBe('other');
    expect(log).toEqual(['first begins', 'other begins']);
    first!.end('failed');
    await expect(results[0]).rejects.toThrow('first');
    second!.end('done');
    expect(await results[1]).toBe('second');
    expect(log).toEqual(['first begins', 'other begins', 'second begins']);
  });

  it('leave nothing behind once they have ended, also if one was added by the end of another', async () => {
    const mutex = new KeyedMutex<string>();
    await mutex.runExclusive('room', () => 1).then(() => mutex.runExclusive('room', () => 2));
    await mutex.runExclusive('hall', () => Promise.reject(new Error('failed'))).catch(() => undefined);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    expect(mutex.busyKeyCount).toBe(0);
  });
});
