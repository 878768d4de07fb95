/** Handler of one kind of event. */
export type EventHandler<T> = (event: T) => void;

/** Emitter of one object's typed events. `Events` maps the name of an event to its payload. */
export class Emitter<Events extends object> {
  private readonly handlers = new Map<keyof Events, Set<EventHandler<never>>>();

  /** Calls `handler` on each event of that name. @returns a function that removes the handler. */
  on<E extends keyof Events>(event: E, handler: EventHandler<Events[E]>): () => void {
    const handlers = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  /** Calls all handlers of the event with the payload, in the order in which they were added. */
  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) (handler as EventHandler<Events[E]>)(payload);
  }

  /** Removes the handlers of all events. */
  removeAllHandlers(): void {
    this.handlers.clear();
  }
}
