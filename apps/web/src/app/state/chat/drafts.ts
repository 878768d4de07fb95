import { DestroyRef, inject, Injectable } from '@angular/core';
import { BrowserStorage } from '../../core/browser/browser-storage';
import { Session } from '../../core/session/session';

/** How long typing goes on before the drafts are stored, in ms: each is written whole. */
const STORE_AFTER_MS = 500;
/** The longest draft that is stored, in characters: a browser stores about five million for a whole site. */
const MAX_STORED_LENGTH = 50_000;

/**
 * Unsent texts by room. They are kept in memory as they are typed, and stored a moment later, at the latest when the
 * page is hidden or closed; from then on what is stored counts, which another tab may have sent. A text that cannot be
 * stored, for instance because it is too long, lasts as long as the page.
 */
@Injectable({ providedIn: 'root' })
export class Drafts {
  private readonly storage = inject(BrowserStorage).user;
  private readonly user = inject(Session).user;
  /** The texts that are not stored, or not yet. */
  private readonly texts = new Map<string, string>();
  private readonly unstoredRoomIds = new Set<string>();
  private timer?: ReturnType<typeof setTimeout>;

  constructor() {
    const store = (): void => this.storeDrafts();
    const storeIfHidden = (): void => {
      if (document.hidden) store();
    };
    addEventListener('pagehide', store);
    document.addEventListener('visibilitychange', storeIfHidden);
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.timer);
      removeEventListener('pagehide', store);
      document.removeEventListener('visibilitychange', storeIfHidden);
    });
  }

  loadDraft(roomId: string): string {
    const draft = this.texts.get(roomId) ?? this.storage.readValue(toKey(roomId));
    return typeof draft === 'string' ? draft : '';
  }

  keepDraft(roomId: string, text: string): void {
    this.texts.set(roomId, text);
    this.unstoredRoomIds.add(roomId);
    // A message that was sent must not come back as a draft.
    if (text === '') this.storeDrafts();
    else this.timer ??= setTimeout(() => this.storeDrafts(), STORE_AFTER_MS);
  }

  private storeDrafts(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const roomIds = [...this.unstoredRoomIds];
    this.unstoredRoomIds.clear();
    // Signing out has removed everything of the user from this browser, and then closes the page.
    if (!this.user()) return;
    for (const roomId of roomIds) {
      const [key, text] = [toKey(roomId), this.texts.get(roomId) ?? ''];
      if (text !== '' && canBeStored(text)) this.storage.storeValue(key, text);
      else this.storage.removeValue(key);
      // A browser without space refuses to store it.
      if ((this.storage.readValue(key) ?? '') === text) this.texts.delete(roomId);
    }
  }
}

/** @returns whether a draft of this text outlasts the page */
export function canBeStored(text: string): boolean {
  return text.length <= MAX_STORED_LENGTH;
}

function toKey(roomId: string): string {
  return `draft.${roomId}`;
}
