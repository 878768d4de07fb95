import { Injectable } from '@angular/core';

/** JSON values under keys with a common prefix. If the browser forbids storage, they last as long as the page. */
class StorageArea {
  private readonly fallback = new Map<string, string>();

  constructor(
    private readonly storage: () => Storage,
    private readonly prefix: string,
  ) {}

  readValue(key: string): unknown {
    const text = this.tryWithStorage((storage) => storage.getItem(this.prefix + key), this.fallback.get(key) ?? null);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch (error) {
      console.warn('a stored value cannot be read', key, error);
      return null;
    }
  }

  storeValue(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    this.fallback.set(key, text);
    this.tryWithStorage((storage) => storage.setItem(this.prefix + key, text), undefined);
  }

  removeValue(key: string): void {
    this.fallback.delete(key);
    this.tryWithStorage((storage) => storage.removeItem(this.prefix + key), undefined);
  }

  clearStoredValues(): void {
    this.fallback.clear();
    this.tryWithStorage((storage) => {
      for (const key of Object.keys(storage)) if (key.startsWith(this.prefix)) storage.removeItem(key);
    }, undefined);
  }

  private tryWithStorage<T>(action: (storage: Storage) => T, otherwise: T): T {
    try {
      return action(this.storage());
    } catch (error) {
      console.debug('the browser refuses to store values', error);
      return otherwise;
    }
  }
}

/** The values that this browser stores, by how long they are kept. */
@Injectable({ providedIn: 'root' })
export class BrowserStorage {
  /** Of the browser, independent of the user: theme, language. */
  readonly browser = new StorageArea(() => localStorage, 'webcall.');

  /** Of the signed-in user; cleared when they sign out. */
  readonly user = new StorageArea(() => localStorage, 'webcall.user.');

  /** Of the signed-in user in this tab; survives a reload, ends with the tab or when they sign out. */
  readonly tab = new StorageArea(() => sessionStorage, 'webcall.user.');
}
