import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { type DomainEventName, type DomainEvents, type EventSubscription, eventSubscriptions } from './domain-events';

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

/** The events that were published with one entity manager, in their order. */
interface Publication {
  events: { event: DomainEventName; payload: unknown }[];
  inTransaction: boolean;
}

type PublishingWork<T> = (manager: EntityManager) => Promise<T>;

/**
 * Hands domain events to their handlers, which are all methods of providers with `@OnEvent` or `@OnEventInTransaction`.
 * Publishers know none of them.
 */
@Injectable()
export class EventBus implements OnModuleInit {
  private readonly logger = new Logger(EventBus.name);
  private readonly handlers = new Map<string, EventHandler[]>();
  private readonly publications = new WeakMap<EntityManager, Publication>();

  constructor(
    private readonly db: DataSource,
    private readonly discovery: DiscoveryService,
    @InjectMetric(FAILURES_METRIC) private readonly failures: Counter,
  ) {}

  onModuleInit(): void {
    const found = eventSubscriptions
      .collectMethods(this.discovery)
      .map(({ note, name, call }): EventHandler => ({ ...note, name, handle: call }));
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
  async runTransaction<T>(work: PublishingWork<T>): Promise<T> {
    const publication: Publication = { events: [], inTransaction: true };
    return this.notifyAfter(publication, (begin) => this.db.transaction((manager) => work(begin(manager))));
  }

  /**
   * Runs work that changes the database by a single statement and publishes some of these events. Only if one of them
   * has handlers in its transaction, it runs as `runTransaction` does: otherwise the statement needs no transaction,
   * which saves two round trips.
   */
  async runStatement<T>(events: readonly DomainEventName[], work: PublishingWork<T>): Promise<T> {
    if (events.some((event) => this.handlersOf(event, 'transaction').length > 0)) return this.runTransaction(work);
    const publication: Publication = { events: [], inTransaction: false };
    return this.notifyAfter(publication, (begin) => work(begin(this.db.createEntityManager())));
  }

  /** Publishes an event with the manager of `runTransaction` or `runStatement`; handlers in the transaction run at once. */
  async publishEvent<E extends DomainEventName>(
    manager: EntityManager,
    event: E,
    payload: DomainEvents[E],
  ): Promise<void> {
    const publication = this.publications.get(manager);
    if (!publication) throw new Error(`${event} was published outside the work of the event bus`);
    const handlers = this.handlersOf(event, 'transaction');
    if (handlers.length > 0 && !publication.inTransaction) throw new Error(`${event} needs a transaction`);
    publication.events.push({ event, payload });
    for (const { handle } of handlers) await handle(payload, manager);
  }

  /** Publishes what follows from something that was committed before. Handlers in the transaction get one of their own. */
  async publishCommitted<E extends DomainEventName>(event: E, payload: DomainEvents[E]): Promise<void> {
    await this.runStatement([event], (manager) => this.publishEvent(manager, event, payload));
  }

  /** @returns `Class.method` of all handlers, in the order in which they are called */
  listHandlerNames(event: DomainEventName, phase: EventSubscription['phase']): string[] {
    return this.handlersOf(event, phase).map(({ name }) => name);
  }

  private handlersOf(event: DomainEventName, phase: EventSubscription['phase']): readonly EventHandler[] {
    return this.handlers.get(handlerKey(event, phase)) ?? [];
  }

  /** @param run calls `begin` with the manager that the work gets */
  private async notifyAfter<T>(
    publication: Publication,
    run: (begin: (manager: EntityManager) => EntityManager) => Promise<T>,
  ): Promise<T> {
    const result = await run((manager) => {
      this.publications.set(manager, publication);
      return manager;
    });
    for (const { event, payload } of publication.events) await this.notifyCommitted(event, payload);
    return result;
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
}

const handlerKey = (event: DomainEventName, phase: EventSubscription['phase']): string => `${event} ${phase}`;
