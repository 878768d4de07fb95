import { StableBroadcasts } from './stable-broadcasts';

describe('a value that is broadcast until it is stable', () => {
  let broadcasts: StableBroadcasts;
  let value: string;
  let sent: string[];
  beforeEach(() => ([broadcasts, value, sent] = [new StableBroadcasts(), 'before', []]));

  const start = (key: string, read: () => Promise<string> = () => Promise.resolve(value)): Promise<string> =>
    broadcasts.broadcastUntilStable(key, read, (current) => sent.push(current));

  /** Reads the value at once, and answers the first time only when told to. */
  function slowRead(): { read: () => Promise<string>; answer: () => void } {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const read = async (): Promise<string> => {
      const found = value;
      await answered;
      return found;
    };
    return { read, answer };
  }

  it('is sent again when it changed while it was sent', async () => {
    const done = broadcasts.broadcastUntilStable(
      'anna',
      () => Promise.resolve(value),
      (current) => (sent.push(current), (value = 'after')),
    );
    expect(await done).toBe('after');
    expect(sent).toEqual(['before', 'after']);
  });

  it('is not sent as it was once a later broadcast has sent it as it is', async () => {
    const { read, answer } = slowRead();
    const first = start('anna', read);
    await new Promise(setImmediate);
    value = 'after';
    const second = start('anna');
    await new Promise(setImmediate);
    answer();
    await Promise.all([first, second]);
    expect(sent).toEqual(['before', 'after', 'after']);
  });

  it('does not wait for values under other keys', async () => {
    const { read, answer } = slowRead();
    const first = start('anna', read);
    await start('boris');
    expect(sent).toEqual(['before']);
    answer();
    await first;
  });

  it('is sent although the broadcast before it failed', async () => {
    const first = start('anna', () => Promise.reject(new Error('the store is away')));
    const second = start('anna');
    await expect(first).rejects.toThrow('away');
    expect(await second).toBe('before');
    expect(sent).toEqual(['before']);
  });

  it('leaves nothing behind', async () => {
    await Promise.all([start('anna'), start('anna'), start('boris')]);
    await new Promise(setImmediate);
    expect(broadcasts['turns'].busyKeyCount).toBe(0);
  });
});
