import { type DiscoveryService, MetadataScanner } from '@nestjs/core';

/** A method of a provider with one of its notes. */
interface NotedMethod<N> {
  note: N;
  /** `Class.method`, for logs and metrics. */
  name: string;
  call: (...args: unknown[]) => unknown;
}

/** What the decorators of one kind note at methods of providers, to be collected at boot. */
export class MethodNotes<N> {
  private readonly scanner = new MetadataScanner();
  private readonly notes = new WeakMap<object, readonly N[]>();

  /** A method may have several notes. */
  addNote(target: object, method: string, note: N): void {
    const noted = (target as Record<string, object>)[method] ?? {};
    this.notes.set(noted, [...this.listNotes(noted), note]);
  }

  /** @returns the notes of a method, in the order in which its decorators were applied */
  listNotes(method: object): readonly N[] {
    return this.notes.get(method) ?? [];
  }

  /** Finds the noted methods of a class by its prototype. */
  listNotedMethods(prototype: object | null): { note: N; method: string }[] {
    const methods = (prototype ?? {}) as Record<string, object>;
    return this.scanner
      .getAllMethodNames(prototype)
      .flatMap((method) => this.listNotes(methods[method] ?? {}).map((note) => ({ note, method })));
  }

  /** Finds the noted methods of all providers. */
  collectMethods(discovery: DiscoveryService): NotedMethod<N>[] {
    // A provider may be known by several tokens.
    const providers = new Set(discovery.getProviders().map(({ instance }) => instance as unknown));
    return [...providers].flatMap((provider) => this.collectMethodsOf(provider));
  }

  private collectMethodsOf(provider: unknown): NotedMethod<N>[] {
    if (typeof provider !== 'object' || provider === null) return [];
    const methods = provider as Record<string, NotedMethod<N>['call']>;
    return this.listNotedMethods(Object.getPrototypeOf(provider) as object | null).map(({ note, method }) => ({
      note,
      name: `${provider.constructor.name}.${method}`,
      call: (...args) => methods[method]?.(...args),
    }));
  }
}
