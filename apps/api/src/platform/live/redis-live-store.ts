import type { Redis } from 'ioredis';
import { Subject } from 'rxjs';
import type { Leases } from './leases';
import type { LiveFormat } from './live-format';
import type { LiveState } from './live-state';
import { LiveStore } from './live-store';
import { RedisLeases } from './redis-leases';
import { RedisLiveState } from './redis-live-state';

/** A `LiveStore` that all replicas share through Redis. */
export class RedisLiveStore extends LiveStore {
  readonly shared = true;
  readonly restored = new Subject<void>();

  private readonly states = new Set<Pick<RedisLiveState<object, object>, 'startFeedReader' | 'stopFeedReader'>>();

  constructor(private readonly redis: Redis) {
    super();
    redis.on('ready', () => this.restored.next());
  }

  isStoreAway(): boolean {
    return this.redis.status !== 'ready';
  }

  createLiveState<T extends object, E extends object>(name: string, format: LiveFormat<T>): LiveState<T, E> {
    const state = new RedisLiveState<T, E>(this.redis, name, format);
    this.states.add(state);
    return state;
  }

  createLeases(name: string): Leases {
    return new RedisLeases(this.redis, name, this.restored);
  }

  /** No event after this is missed. */
  async startEventFeeds(): Promise<void> {
    await Promise.all([...this.states].map((state) => state.startFeedReader()));
  }

  stopEventFeeds(): void {
    for (const state of this.states) state.stopFeedReader();
  }
}
