import { Scope } from './scope';

describe('Scope', () => {
  it('ends what was added, the last first, once', () => {
    const scope = new Scope();
    const ended: string[] = [];
    for (const name of ['a', 'b']) scope.add(() => ended.push(name));
    scope.close();
    scope.close();
    expect(ended).toEqual(['b', 'a']);
  });

  it('ends at once what is added too late', () => {
    const scope = new Scope();
    scope.close();
    const cleanup = jest.fn();
    scope.add(cleanup);
    expect(cleanup).toHaveBeenCalledTimes(1);
  });

  it('ends its children, and a child alone', () => {
    const scope = new Scope();
    const [one, two] = [scope.child(), scope.child()];
    const cleanup = jest.fn();
    two.add(cleanup);
    one.close();
    expect([scope.closed, one.closed, two.closed]).toEqual([false, true, false]);
    scope.close();
    expect(cleanup).toHaveBeenCalledTimes(1);
  });

  it('runs no timer and no listener afterwards', () => {
    jest.useFakeTimers();
    const scope = new Scope();
    const [run, target] = [jest.fn(), new EventTarget()];
    scope.timeout(10, run);
    scope.interval(10, run);
    scope.listen(target, 'ping', run);
    scope.close();
    jest.advanceTimersByTime(100);
    target.dispatchEvent(new Event('ping'));
    expect(run).not.toHaveBeenCalled();
    jest.useRealTimers();
  });
});
