import fc from 'fast-check';
import { Repair, type ConnectionFacts } from './repair';
import { Scope } from '@webcall/base';

describe('Repair', () => {
  let scope: Scope;
  let restarts: number;
  let rebuilds: number;
  let reachable: boolean;
  let connected: boolean;

  beforeEach(() => {
    jest.useFakeTimers();
    scope = new Scope();
    reachable = connected = true;
    restarts = rebuilds = 0;
  });
  afterEach(() => {
    scope.close();
    jest.useRealTimers();
  });

  const pass = (ms: number): void => void jest.advanceTimersByTime(ms);

  function begin(owner: boolean, offers = true): { repair: Repair; ice: (state: RTCIceConnectionState) => void } {
    const hooks = {
      offers: () => offers,
      connected: () => connected,
      reachable: () => reachable,
      restart: () => void restarts++,
      rebuild: () => void rebuilds++,
    };
    const repair = new Repair(scope, owner, hooks);
    const ice = (state: RTCIceConnectionState): void =>
      repair.assess({ ice: state, connected: state === 'connected', agreed: true, everConnected: true });
    ice('connected');
    return { repair, ice };
  }

  it('restarts once, 2 s after the loss, if it owns the link', () => {
    const { ice } = begin(true);
    ice('disconnected');
    pass(1900);
    expect(restarts).toBe(0);
    pass(200);
    expect(restarts).toBe(1);
    ice('disconnected');
    pass(5000);
    expect(restarts).toBe(1);
  });

  it('restarts at once what has failed, and does not wait for the 2 s of the loss before it', () => {
    const { ice } = begin(true);
    ice('disconnected');
    pass(500);
    ice('failed');
    pass(0);
    expect(restarts).toBe(1);
    pass(5000);
    expect(restarts).toBe(1);
  });

  it('does not restart what heals by itself, and leaves the rest to the owner', () => {
    const [owner, other] = [begin(true), begin(false)];
    owner.ice('disconnected');
    other.ice('disconnected');
    pass(1900);
    owner.ice('connected');
    pass(10_000);
    expect(restarts).toBe(0);
  });

  it('gives a restart of either side its time before the next', () => {
    const { repair, ice } = begin(true);
    ice('disconnected');
    pass(1900);
    repair.handleAgreed();
    pass(4900);
    expect(restarts).toBe(0);
    pass(200);
    expect(restarts).toBe(1);
  });

  describe('while the other side cannot be reached', () => {
    it('makes no offer that would be taken after the path has healed by itself', () => {
      const { repair, ice } = begin(true);
      ice('disconnected');
      pass(1000);
      reachable = false;
      pass(10_000);
      ice('connected');
      reachable = true;
      repair.handleReachable();
      pass(5000);
      expect(restarts).toBe(0);
    });

    it('restarts soon after it can be reached again, if the path has not healed', () => {
      const { repair, ice } = begin(true);
      reachable = false;
      ice('disconnected');
      pass(10_000);
      reachable = true;
      repair.handleReachable();
      pass(300);
      expect(restarts).toBe(1);
    });
  });

  describe('while the own socket is down', () => {
    it('makes no offer that would be sent after the path has healed by itself', () => {
      const { repair, ice } = begin(true);
      repair.handleReconnected();
      pass(6000);
      connected = false;
      ice('disconnected');
      pass(6000);
      ice('connected');
      connected = true;
      repair.handleReconnected();
      pass(5000);
      expect(restarts).toBe(0);
    });

    it('restarts soon after it is up again, if the path has not healed', () => {
      const { repair, ice } = begin(false);
      connected = false;
      ice('disconnected');
      pass(10_000);
      expect(restarts).toBe(0);
      connected = true;
      repair.handleReconnected();
      pass(300);
      expect(restarts).toBe(1);
    });
  });

  describe('after the own socket was lost and is back', () => {
    it('restarts what broke with it, owner or not', () => {
      const { repair, ice } = begin(false);
      ice('disconnected');
      repair.handleReconnected();
      pass(300);
      expect(restarts).toBe(1);
    });

    it('takes the restart that the other side has sent meanwhile instead', () => {
      const { repair, ice } = begin(false);
      ice('disconnected');
      repair.handleReconnected();
      pass(200);
      repair.handleAgreed();
      pass(2000);
      expect(restarts).toBe(0);
    });

    it('restarts at once what breaks in the next 10 s, and nothing that holds', () => {
      const { repair, ice } = begin(false);
      repair.handleReconnected();
      pass(9000);
      expect(restarts).toBe(0);
      ice('disconnected');
      pass(0);
      expect(restarts).toBe(1);
      ice('connected');
      pass(2000);
      ice('disconnected');
      pass(5000);
      expect(restarts).toBe(1);
    });
  });

  describe('after the own network changed', () => {
    it('restarts at once, and again while it finds no address or no path', () => {
      const { repair, ice } = begin(false);
      repair.handleOnline();
      expect(restarts).toBe(1);
      repair.handleNothingFound();
      pass(500);
      expect(restarts).toBe(2);
      ice('disconnected');
      pass(0);
      expect(restarts).toBe(3);
      repair.handleAgreed();
      pass(2500);
      expect(restarts).toBe(4);
    });

    it('does not look for an address for ever', () => {
      const { repair } = begin(true);
      repair.handleNothingFound();
      pass(60_000);
      expect(restarts).toBe(0);
      repair.handleOnline();
      for (let i = 0; i < 9; i++) {
        repair.handleNothingFound();
        pass(1000);
      }
      expect(restarts).toBe(5);
    });
  });

  describe('a link that finds no way', () => {
    const never = (ice: RTCIceConnectionState): ConnectionFacts => ({
      ...{ ice, connected: false, agreed: true, everConnected: false },
    });

    it('is made anew after 3 s when ICE does not begin, then ever more rarely', () => {
      const { repair } = begin(true);
      const at: number[] = [];
      for (let second = 0; second < 70; second++) {
        const before = rebuilds;
        repair.assess(never('new'));
        pass(1000);
        if (rebuilds === before) continue;
        at.push(second + 1);
        repair.stop();
      }
      expect(at).toEqual([3, 9, 21, 36, 51, 66]);
    });

    it('is made anew by the one who offers after 15 s, by the other one after 25 s', () => {
      for (const offers of [true, false]) begin(false, offers).repair.assess(never('checking'));
      pass(15_000);
      expect(rebuilds).toBe(1);
      pass(10_000);
      expect(rebuilds).toBeGreaterThanOrEqual(2);
    });
  });

  it('never restarts what is connected, and leaves no timer behind, whatever happens', () => {
    const step = fc.constantFrom(
      'connected',
      'disconnected',
      'failed',
      'checking',
      'agreed',
      'socket',
      'gone',
      'there',
      'wait',
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, owner) => {
        let state: RTCIceConnectionState = 'connected';
        const inner = new Scope();
        const bad: string[] = [];
        const restart = (): void => void (['connected', 'checking'].includes(state) && bad.push(state));
        const repair = new Repair(inner, owner, {
          offers: () => true,
          connected: () => connected,
          reachable: () => reachable,
          restart,
          rebuild: () => undefined,
        });
        for (const now of steps) {
          if (now === 'wait') pass(700);
          else if (now === 'agreed') repair.handleAgreed();
          else if (now === 'socket') repair.handleReconnected();
          else if (now === 'gone') reachable = false;
          else if (now === 'there') {
            reachable = true;
            repair.handleReachable();
          } else {
            state = now;
            repair.assess({ ice: state, connected: state === 'connected', agreed: true, everConnected: true });
          }
        }
        inner.close();
        expect(bad).toEqual([]);
        expect(jest.getTimerCount()).toBe(0);
      }),
    );
  });
});
