/** Takes one kind of event. */
export type Handler<T> = (event: T) => void;

/** Typed events of one object. `Events` maps the name of an event to its payload. */
export class Emitter<Events extends object> {
  private readonly handlers = new Map<keyof Events, Set<Handler<never>>>();

  /** Calls `handler` on each event of that name. @returns the call that ends it. */
  on<E extends keyof Events>(event: E, handler: Handler<Events[E]>): () => void {
    const handlers = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  /** Hands the payload to everyone who asked for it, in the order of asking. */
  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) (handler as Handler<Events[E]>)(payload);
  }

  /** Forgets everyone. */
  clear(): void {
    this.handlers.clear();
  }
}
