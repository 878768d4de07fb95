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
  private readonly key: symbol;

  constructor(name: string) {
    this.key = Symbol(name);
  }

  /** A method may have several notes. */
  addNote(target: object, method: string, note: N): void {
    const noted = (target as Record<string, object>)[method] ?? {};
    Reflect.defineMetadata(this.key, [...this.listNotes(noted), note], noted);
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
    const prototype = Object.getPrototypeOf(provider) as object | null;
    return this.scanner.getAllMethodNames(prototype).flatMap((key) => {
      const method = methods[key];
      if (typeof method !== 'function') return [];
      const name = `${provider.constructor.name}.${key}`;
      return this.listNotes(method).map((note) => ({ note, name, call: (...args) => methods[key]?.(...args) }));
    });
  }

  private listNotes(method: object): readonly N[] {
    return (Reflect.getMetadata(this.key, method) as N[] | undefined) ?? [];
  }
}
