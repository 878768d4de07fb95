import { Scope } from './scope';

describe('Scope', () => {
  it('runs the cleanups once, the last added first', () => {
    const scope = new Scope();
    const ended: string[] = [];
    for (const name of ['a', 'b']) scope.addCleanup(() => ended.push(name));
    scope.closeScope();
    scope.closeScope();
    expect(ended).toEqual(['b', 'a']);
  });

  it('runs a cleanup at once that is added after the end', () => {
    const scope = new Scope();
    scope.closeScope();
    const cleanup = jest.fn();
    scope.addCleanup(cleanup);
    expect(cleanup).toHaveBeenCalledTimes(1);
  });

  it('closes its children; closing a child closes nothing else', () => {
    const scope = new Scope();
    const [one, two] = [scope.createChildScope(), scope.createChildScope()];
    const cleanup = jest.fn();
    two.addCleanup(cleanup);
    one.closeScope();
    expect([scope.isClosed, one.isClosed, two.isClosed]).toEqual([false, true, false]);
    scope.closeScope();
    expect(cleanup).toHaveBeenCalledTimes(1);
  });

  it('runs no timer and no listener after it is closed', () => {
    jest.useFakeTimers();
    const scope = new Scope();
    const [run, target] = [jest.fn(), new EventTarget()];
    scope.scheduleTimeout(10, run);
    scope.scheduleInterval(10, run);
    scope.listenToEvent(target, 'ping', run);
    scope.closeScope();
    jest.advanceTimersByTime(100);
    target.dispatchEvent(new Event('ping'));
    expect(run).not.toHaveBeenCalled();
    jest.useRealTimers();
  });
});
