import type { Redis } from 'ioredis';
import { Subject } from 'rxjs';
import type { Leases } from './leases';
import { Live } from './live';
import { RedisLeases } from './redis-leases';
import { RedisState } from './redis-state';
import type { LiveState } from './live-state';

/** Live state that all replicas share through Redis. */
export class RedisLive extends Live {
  readonly shared = true;
  readonly restored = new Subject<void>();

  private readonly states = new Set<Pick<RedisState<object, object>, 'start' | 'stop'>>();

  constructor(private readonly redis: Redis) {
    super();
    redis.on('ready', () => this.restored.next());
  }

  isAway(): boolean {
    return this.redis.status !== 'ready';
  }

  state<T extends object, E extends object>(name: string): LiveState<T, E> {
    const state = new RedisState<T, E>(this.redis, name);
    this.states.add(state);
    return state;
  }

  leases(name: string): Leases {
    return new RedisLeases(this.redis, name, this.restored);
  }

  /** Nothing that is told after this is missed. */
  async start(): Promise<void> {
    await Promise.all([...this.states].map((state) => state.start()));
  }

  stop(): void {
    for (const state of this.states) state.stop();
  }
}
