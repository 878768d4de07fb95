import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type EpochRecord } from '../room/ports';
import { RoomDevice } from '../room/room-device';
import { type RoomAccess } from '../room/room-history';
import { RoomRecovery } from '../room/room-recovery';
import { createEpochKey, type EpochKey } from '../seal/epoch-key';
import { type SealedKind } from '../seal/message-frame';
import { openMessage, sealMessage } from '../seal/sealed-message';
import { entryAt } from './entry-at';
import { memoryRoomAccess, type MemoryStore, ROOM } from './memory-room';
import { type MemoryServer, type StoredMessage } from './memory-server';
import { type TestDevice } from './people';

/** What somebody has written, and the server may not have. */
export interface Draft {
  readonly messageId: string;
  readonly text: string;
  readonly isEdit: boolean;
}

/** One of the tabs of a device. */
export interface Tab {
  readonly server: MemoryServer;
  readonly access: RoomAccess;
  readonly room: RoomDevice;
  readonly recovery: RoomRecovery;
}

/** What a racer reaches the world by, each time that it starts. */
export interface RacerPorts {
  readonly world: MemoryServer;
  /** The same as it is over a bad line. */
  readonly server: MemoryServer;
  readonly store: MemoryStore;
  readonly pause: (milliseconds: number) => Promise<void>;
}

const MOST_ATTEMPTS = 3;
const keys = new WeakMap<EpochRecord, Promise<EpochKey>>();

/** A device in a race, with two tabs: its store and what it has written outlive crashes, everything else does not. */
export class Racer {
  isOffline = false;
  readonly outbox: Draft[] = [];
  private tabs: readonly Tab[];

  constructor(
    readonly device: TestDevice,
    readonly store: MemoryStore,
    private readonly portsOf: (racer: Racer) => RacerPorts,
  ) {
    this.tabs = this.openTabs();
  }

  /** Begins anew with nothing but the store. */
  restart(): void {
    this.tabs = this.openTabs();
  }

  /** @returns one of the tabs */
  tab(number: number): Tab {
    return entryAt(this.tabs, number);
  }

  /** Comes into the group, whatever that takes. */
  async comeBack({ room, recovery }: Tab): Promise<void> {
    await recovery.run(() => room.joinGroup());
  }

  /** Sends what was written, as far as it is not at the server. @param keysOf what the user’s devices can open */
  async sendOutbox(tab: Tab, keysOf: () => readonly EpochRecord[]): Promise<void> {
    for (const draft of [...this.outbox])
      if (await this.send(tab, draft, keysOf)) this.outbox.splice(this.outbox.indexOf(draft), 1);
  }

  private async send(tab: Tab, draft: Draft, keysOf: () => readonly EpochRecord[]): Promise<boolean> {
    const { userId } = this.device;
    const { messageId } = draft;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      await this.comeBack(tab);
      const { group } = await tab.recovery.run(() => tab.room.prepareToSeal());
      const { groupId, epoch } = group;
      const record = this.store.epochs.find((one) => one.epoch === epoch && equalBytes(one.groupId, groupId));
      if (!record) throw new Error('The secret of the epoch is not in the store.');
      const before = tab.server.messages.find((message) => message.messageId === messageId);
      const edit = draft.isEdit ? (before?.versions.length ?? 0) : 0;
      const replaces = before && edit > 0 ? await boxHashOf(before, keysOf()) : null;
      if (draft.isEdit && !replaces) return true;
      const text = { content: { text: draft.text }, after: [], replaces };
      const content = await sealMessage(placeOf(messageId, userId, edit), text, await keyOf(record), this.device);
      const sent = { messageId, userId, edit, content };
      const outcome = await tab.server.sendMessage(groupId, epoch, sent);
      if (outcome === 'taken' || outcome === 'edited_meanwhile') return true;
      if (outcome === 'not_a_member') return false;
    }
    return false;
  }

  private openTabs(): readonly Tab[] {
    return [0, 1].map(() => {
      const { world, server, store, pause } = this.portsOf(this);
      const access = memoryRoomAccess(this.device, world, { delivery: server, store, pause });
      const room = new RoomDevice(access);
      return { server, access, room, recovery: new RoomRecovery(access, room) };
    });
  }
}

/** @returns the text of one version of a message; null if none of the keys opens it */
export async function readVersion(
  { messageId, userId, versions }: StoredMessage,
  edit: number,
  records: readonly EpochRecord[],
) {
  const known = await Promise.all(records.map(keyOf));
  const find = async (keyId: Bytes) => known.find((key) => hexOf(key.keyId) === hexOf(keyId)) ?? 'key_not_here_yet';
  const opened = await openMessage(placeOf(messageId, userId, edit), entryAt(versions, edit).content, find, readText);
  return 'unreadable' in opened ? null : opened;
}

/** @returns the key of what a store keeps of an epoch; made once */
export function keyOf(record: EpochRecord): Promise<EpochKey> {
  const key = keys.get(record) ?? createEpochKey(record.secret, record);
  keys.set(record, key);
  return key;
}

async function boxHashOf(message: StoredMessage, records: readonly EpochRecord[]): Promise<Bytes | null> {
  return (await readVersion(message, message.versions.length - 1, records))?.boxHash ?? null;
}

function placeOf(messageId: string, userId: string, edit: number) {
  const kind: SealedKind = edit > 0 ? { type: 'edit', n: edit } : { type: 'post' };
  return { roomId: ROOM, messageId, kind, userId };
}

function readText(json: unknown): { text: string } {
  return json as { text: string };
}
