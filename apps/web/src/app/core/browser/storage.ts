import { Injectable } from '@angular/core';

/** One place to keep values as JSON. In a browser that forbids storage they last as long as the page. */
class StorageArea {
  private readonly fallback = new Map<string, string>();

  constructor(
    private readonly storage: () => Storage,
    private readonly prefix: string,
  ) {}

  get(key: string): unknown {
    const text = this.attempt((storage) => storage.getItem(this.prefix + key), this.fallback.get(key) ?? null);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch (error) {
      console.warn(`What was stored as ${key} cannot be read`, error);
      return null;
    }
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    this.fallback.set(key, text);
    this.attempt((storage) => storage.setItem(this.prefix + key, text), undefined);
  }

  remove(key: string): void {
    this.fallback.delete(key);
    this.attempt((storage) => storage.removeItem(this.prefix + key), undefined);
  }

  /** Forgets every value of this area. */
  clear(): void {
    this.fallback.clear();
    this.attempt((storage) => {
      for (const key of Object.keys(storage)) if (key.startsWith(this.prefix)) storage.removeItem(key);
    }, undefined);
  }

  private attempt<T>(action: (storage: Storage) => T, otherwise: T): T {
    try {
      return action(this.storage());
    } catch (error) {
      console.debug('This browser does not store values', error);
      return otherwise;
    }
  }
}

/** What this browser remembers. */
@Injectable({ providedIn: 'root' })
export class BrowserStorage {
  /** Of the browser, whoever uses it: theme, language. */
  readonly browser = new StorageArea(() => localStorage, 'webcall.');

  /** Of the signed-in user: gone when they sign out. */
  readonly user = new StorageArea(() => localStorage, 'webcall.user.');

  /** Of the signed-in user in this tab: survives a reload, is gone with the tab or when they sign out. */
  readonly tab = new StorageArea(() => sessionStorage, 'webcall.user.');
}
