import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { type DomainEventName, type DomainEvents, type EventSubscription, subscriptionsOf } from './domain-events';

const FAILURES_METRIC = 'webcall_event_handler_failures_total';

export const eventMetricProviders = [
  makeCounterProvider({
    name: FAILURES_METRIC,
    help: 'Handlers of domain events that failed after the commit',
    labelNames: ['event', 'handler'],
  }),
];

interface EventHandler extends EventSubscription {
  /** `Class.method`, for logs and metrics. */
  name: string;
  handle: (payload: unknown, manager?: EntityManager) => unknown;
}

interface PublishedEvent {
  event: DomainEventName;
  payload: unknown;
}

/**
 * Hands domain events to their handlers, which are all methods of providers with `@OnEvent` or `@OnEventInTransaction`.
 * Publishers know none of them.
 */
@Injectable()
export class EventBus implements OnModuleInit {
  private readonly logger = new Logger(EventBus.name);
  private readonly handlers = new Map<string, EventHandler[]>();
  /** The events of each running transaction, in the order in which they were published. */
  private readonly published = new WeakMap<EntityManager, PublishedEvent[]>();

  constructor(
    private readonly db: DataSource,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @InjectMetric(FAILURES_METRIC) private readonly failures: Counter,
  ) {}

  onModuleInit(): void {
    // A provider may be known by several tokens.
    const providers = new Set(this.discovery.getProviders().map(({ instance }) => instance as unknown));
    const found = [...providers].flatMap((provider) => this.collectHandlers(provider));
    found.sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));
    for (const handler of found) {
      const key = handlerKey(handler.event, handler.phase);
      this.handlers.set(key, [...(this.handlers.get(key) ?? []), handler]);
    }
  }

  /**
   * Runs work in a transaction in which events can be published. After the commit their handlers run, event by event in
   * the order of publishing.
   * @returns what the work returns, once all handlers are done
   */
  async runTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const events: PublishedEvent[] = [];
    const result = await this.db.transaction((manager) => {
      this.published.set(manager, events);
      return work(manager);
    });
    for (const { event, payload } of events) await this.notifyCommitted(event, payload);
    return result;
  }

  /** Publishes an event inside a transaction of `runTransaction`; its handlers in the transaction run at once. */
  async publishEvent<E extends DomainEventName>(
    manager: EntityManager,
    event: E,
    payload: DomainEvents[E],
  ): Promise<void> {
    const events = this.published.get(manager);
    if (!events) throw new Error(`${event} was published outside a transaction of the event bus`);
    events.push({ event, payload });
    for (const { handle } of this.handlersOf(event, 'transaction')) await handle(payload, manager);
  }

  /** Publishes what a single statement has stored, or what is not stored at all. */
  async publishCommitted<E extends DomainEventName>(event: E, payload: DomainEvents[E]): Promise<void> {
    if (this.handlersOf(event, 'transaction').length > 0)
      throw new Error(`${event} has handlers that need its transaction`);
    await this.notifyCommitted(event, payload);
  }

  /** @returns `Class.method` of all handlers, in the order in which they are called */
  listHandlerNames(event: DomainEventName, phase: EventSubscription['phase']): string[] {
    return this.handlersOf(event, phase).map(({ name }) => name);
  }

  private handlersOf(event: DomainEventName, phase: EventSubscription['phase']): readonly EventHandler[] {
    return this.handlers.get(handlerKey(event, phase)) ?? [];
  }

  private async notifyCommitted(event: DomainEventName, payload: unknown): Promise<void> {
    await Promise.all(
      this.handlersOf(event, 'committed').map(async ({ name, handle }) => {
        try {
          await handle(payload);
        } catch (error) {
          this.failures.inc({ event, handler: name });
          this.logger.error({ err: error, event, handler: name, msg: 'a handler of a domain event failed' });
        }
      }),
    );
  }

  private collectHandlers(provider: unknown): EventHandler[] {
    if (typeof provider !== 'object' || provider === null) return [];
    const prototype = Object.getPrototypeOf(provider) as object | null;
    return this.scanner.getAllMethodNames(prototype).flatMap((key) => {
      const method = (provider as Record<string, EventHandler['handle']>)[key];
      if (typeof method !== 'function') return [];
      return subscriptionsOf(method).map((subscription) => ({
        ...subscription,
        name: `${provider.constructor.name}.${key}`,
        handle: (...args: Parameters<EventHandler['handle']>) =>
          (provider as Record<string, EventHandler['handle']>)[key]?.(...args),
      }));
    });
  }
}

const handlerKey = (event: DomainEventName, phase: EventSubscription['phase']): string => `${event} ${phase}`;
