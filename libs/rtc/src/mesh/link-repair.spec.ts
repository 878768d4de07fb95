import { Scope } from '@webcall/base';
import fc from 'fast-check';
import { type ConnectionFacts, LinkRepair } from './link-repair';

describe('LinkRepair', () => {
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
    scope.closeScope();
    jest.useRealTimers();
  });

  const pass = (ms: number): void => void jest.advanceTimersByTime(ms);

  function begin(owner: boolean, offers = true): { repair: LinkRepair; ice: (state: RTCIceConnectionState) => void } {
    const hooks = {
      offers: () => offers,
      connected: () => connected,
      reachable: () => reachable,
      restart: () => void restarts++,
      rebuild: () => void rebuilds++,
    };
    const repair = new LinkRepair(scope, owner, hooks);
    const ice = (state: RTCIceConnectionState): void =>
      repair.updateConnectionFacts({ ice: state, connected: state === 'connected', agreed: true, everConnected: true });
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

  it('restarts a failed path at once, without the 2 s of the loss before it', () => {
    const { ice } = begin(true);
    ice('disconnected');
    pass(500);
    ice('failed');
    pass(0);
    expect(restarts).toBe(1);
    pass(5000);
    expect(restarts).toBe(1);
  });

  it('does not restart a path that heals by itself, and leaves the restart to the owner', () => {
    const [owner, other] = [begin(true), begin(false)];
    owner.ice('disconnected');
    other.ice('disconnected');
    pass(1900);
    owner.ice('connected');
    pass(10_000);
    expect(restarts).toBe(0);
  });

  it('waits after a restart of either side before the next one', () => {
    const { repair, ice } = begin(true);
    ice('disconnected');
    pass(1900);
    repair.handleAgreement();
    pass(4900);
    expect(restarts).toBe(0);
    pass(200);
    expect(restarts).toBe(1);
  });

  describe('while the other side cannot be reached', () => {
    it('makes no offer that would be answered after the path has healed by itself', () => {
      const { repair, ice } = begin(true);
      ice('disconnected');
      pass(1000);
      reachable = false;
      pass(10_000);
      ice('connected');
      reachable = true;
      repair.handlePeerReachable();
      pass(5000);
      expect(restarts).toBe(0);
    });

    it('restarts soon after it can be reached again, if the path has not healed', () => {
      const { repair, ice } = begin(true);
      reachable = false;
      ice('disconnected');
      pass(10_000);
      reachable = true;
      repair.handlePeerReachable();
      pass(300);
      expect(restarts).toBe(1);
    });
  });

  describe('while the own socket is down', () => {
    it('makes no offer that would be sent after the path has healed by itself', () => {
      const { repair, ice } = begin(true);
      repair.checkPathAfterReconnect();
      pass(6000);
      connected = false;
      ice('disconnected');
      pass(6000);
      ice('connected');
      connected = true;
      repair.checkPathAfterReconnect();
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
      repair.checkPathAfterReconnect();
      pass(300);
      expect(restarts).toBe(1);
    });
  });

  describe('after the own socket was lost and is back', () => {
    it('restarts a path that broke with it, owner or not', () => {
      const { repair, ice } = begin(false);
      ice('disconnected');
      repair.checkPathAfterReconnect();
      pass(300);
      expect(restarts).toBe(1);
    });

    it('does not restart if the other side has already done so', () => {
      const { repair, ice } = begin(false);
      ice('disconnected');
      repair.checkPathAfterReconnect();
      pass(200);
      repair.handleAgreement();
      pass(2000);
      expect(restarts).toBe(0);
    });

    it('restarts at once a path that breaks in the next 10 s, and no other one', () => {
      const { repair, ice } = begin(false);
      repair.checkPathAfterReconnect();
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
      repair.restartOnNetworkChange();
      expect(restarts).toBe(1);
      repair.handleNothingFound();
      pass(500);
      expect(restarts).toBe(2);
      ice('disconnected');
      pass(0);
      expect(restarts).toBe(3);
      repair.handleAgreement();
      pass(2500);
      expect(restarts).toBe(4);
    });

    it('does not search for an address for ever', () => {
      const { repair } = begin(true);
      repair.handleNothingFound();
      pass(60_000);
      expect(restarts).toBe(0);
      repair.restartOnNetworkChange();
      for (let i = 0; i < 9; i++) {
        repair.handleNothingFound();
        pass(1000);
      }
      expect(restarts).toBe(5);
    });
  });

  describe('a link that finds no path', () => {
    const never = (ice: RTCIceConnectionState): ConnectionFacts => ({
      ...{ ice, connected: false, agreed: true, everConnected: false },
    });

    it('is made anew after 3 s when ICE does not begin, then ever more rarely', () => {
      const { repair } = begin(true);
      const at: number[] = [];
      for (let second = 0; second < 70; second++) {
        const before = rebuilds;
        repair.updateConnectionFacts(never('new'));
        pass(1000);
        if (rebuilds === before) continue;
        at.push(second + 1);
        repair.cancelRepairs();
      }
      expect(at).toEqual([3, 9, 21, 36, 51, 66]);
    });

    it('is made anew by the offering side after 15 s, by the other side after 25 s', () => {
      for (const offers of [true, false]) begin(false, offers).repair.updateConnectionFacts(never('checking'));
      pass(15_000);
      expect(rebuilds).toBe(1);
      pass(10_000);
      expect(rebuilds).toBeGreaterThanOrEqual(2);
    });
  });

  it('never restarts a connected path, and leaves no timer behind, under any events', () => {
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
        const repair = new LinkRepair(inner, owner, {
          offers: () => true,
          connected: () => connected,
          reachable: () => reachable,
          restart,
          rebuild: () => undefined,
        });
        for (const now of steps) {
          if (now === 'wait') pass(700);
          else if (now === 'agreed') repair.handleAgreement();
          else if (now === 'socket') repair.checkPathAfterReconnect();
          else if (now === 'gone') reachable = false;
          else if (now === 'there') {
            reachable = true;
            repair.handlePeerReachable();
          } else {
            state = now;
            repair.updateConnectionFacts({
              ice: state,
              connected: state === 'connected',
              agreed: true,
              everConnected: true,
            });
          }
        }
        inner.closeScope();
        expect(bad).toEqual([]);
        expect(jest.getTimerCount()).toBe(0);
      }),
    );
  });
});
