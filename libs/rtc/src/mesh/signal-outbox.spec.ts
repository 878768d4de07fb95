import { Scope } from '@webcall/base';
import type { SignalSendDto } from '@webcall/contracts';
import { SignalOutbox } from './signal-outbox';

const ANN = 'ann';
const BOB = 'bob';

describe('SignalOutbox', () => {
  let scope: Scope;
  let outbox: SignalOutbox;
  let sent: SignalSendDto[];
  let reachable: boolean;
  let warn: jest.SpyInstance;

  beforeEach(() => {
    jest.useFakeTimers();
    warn = jest.spyOn(console, 'warn').mockReturnValue();
    scope = new Scope();
    sent = [];
    reachable = true;
    outbox = new SignalOutbox(async (signal) => {
      sent.push(signal);
      if (!reachable) throw new Error('unreachable');
    }, scope);
  });
  afterEach(() => {
    scope.closeScope();
    jest.useRealTimers();
    warn.mockRestore();
  });

  const send = (to: string, ...names: string[]): void => {
    for (const candidate of names) outbox.enqueueSignal({ to, link: 'one', candidate: { candidate } });
  };
  const names = (): (string | undefined)[] => sent.map(({ candidate }) => candidate?.candidate);
  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0).then(() => undefined);

  it('sends at once and in order, each with its own id, and nothing twice once acknowledged', async () => {
    send(ANN, 'a', 'b', 'c');
    await settle();
    outbox.resendAllSignals();
    await settle();
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
  });

  it('keeps the order after a failure: later signals wait for the resend', async () => {
    reachable = false;
    send(ANN, 'a', 'b');
    await settle();
    send(ANN, 'c');
    expect(names()).toEqual(['a', 'b']);
    reachable = true;
    await jest.advanceTimersByTimeAsync(600);
    expect(names()).toEqual(['a', 'b', 'a', 'b', 'c']);
    expect(sent[2]?.id).toBe(sent[0]?.id);
  });

  it('waits as long as the server asks when it is refused, then sends everything in order', async () => {
    const refusal = Object.assign(new Error('too often'), { details: { retryAfterSeconds: 8 } });
    let refused = true;
    const patient = new SignalOutbox((signal) => {
      sent.push(signal);
      return refused ? Promise.reject(refusal) : Promise.resolve();
    }, scope);
    for (const candidate of ['a', 'b']) patient.enqueueSignal({ to: ANN, link: 'one', candidate: { candidate } });
    await settle();
    patient.enqueueSignal({ to: ANN, link: 'one', candidate: { candidate: 'c' } });
    await jest.advanceTimersByTimeAsync(7999);
    expect(names()).toEqual(['a', 'b']);
    refused = false;
    await jest.advanceTimersByTimeAsync(1);
    expect(names()).toEqual(['a', 'b', 'a', 'b', 'c']);
  });

  it('tries again less and less often, and at once when the target is reachable', async () => {
    reachable = false;
    send(ANN, 'a');
    await jest.advanceTimersByTimeAsync(60_000);
    const tries = sent.length;
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
    reachable = true;
    outbox.resendStaleSignals(ANN);
    await settle();
    expect(sent).toHaveLength(tries + 1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(tries + 1);
  });

  it('warns once when signals keep failing', async () => {
    reachable = false;
    send(ANN, 'a');
    await jest.advanceTimersByTimeAsync(1600);
    expect(warn).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(warn.mock.calls).toEqual([[expect.any(String), new Error('unreachable')]]);
  });

  it('does not let one unreachable target hold up another', async () => {
    reachable = false;
    send(ANN, 'a');
    await settle();
    reachable = true;
    send(BOB, 'b');
    expect(names()).toEqual(['a', 'b']);
  });

  it('resends old signals when the target is on a new socket, but not those sent a moment ago', async () => {
    const flights = new SignalOutbox((signal) => new Promise(() => void sent.push(signal)), scope);
    flights.enqueueSignal({ to: ANN, candidate: { candidate: 'old' } });
    await jest.advanceTimersByTimeAsync(1000);
    flights.enqueueSignal({ to: ANN, candidate: { candidate: 'new' } });
    flights.resendStaleSignals(ANN);
    expect(names()).toEqual(['old', 'new', 'old']);
  });

  it('resends signals in flight after a reconnect, and ignores the results of the old sendings', async () => {
    const ends: (() => void)[] = [];
    const flights = new SignalOutbox(
      (signal) => new Promise((_, reject) => void (sent.push(signal), ends.push(() => reject(new Error('late'))))),
      scope,
    );
    flights.enqueueSignal({ to: ANN, candidate: { candidate: 'a' } });
    flights.resendAllSignals();
    expect(names()).toEqual(['a', 'a']);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(2);
    ends[1]?.();
    await jest.advanceTimersByTimeAsync(600);
    expect(sent).toHaveLength(3);
  });

  it('drops the signals of a closed link, and of a participant who has left', async () => {
    reachable = false;
    send(ANN, 'a');
    outbox.enqueueSignal({ to: ANN, link: 'two', candidate: { candidate: 'b' } });
    send(BOB, 'c');
    await settle();
    outbox.discardSignals(ANN, 'one');
    outbox.discardSignals(BOB);
    sent = [];
    reachable = true;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(names()).toEqual(['b']);
  });

  it('sends nothing after its scope has ended', async () => {
    reachable = false;
    send(ANN, 'a');
    await settle();
    scope.closeScope();
    send(ANN, 'b');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(names()).toEqual(['a']);
  });
});
