import { type Bytes, equalBytes, randomBytes } from '../bytes/bytes';
import { KEY_LENGTH, signingKeyOfSeed } from '../bytes/signing';
import { type Device } from '../identity/device';
import { type DeviceList, hasLiveDevice } from '../identity/device-list';
import { chooseAskedWords, keysOfPhrase } from './phrase';
import {
  type VaultAppend,
  type VaultDelivery,
  type VaultEntry,
  type VaultFloor,
  type VaultState,
  type VaultStore,
  type VaultWrap,
  type WaitingRecord,
} from './ports';
import { type LoggedEntry, RosterBook } from './roster-book';
import { beginGeneration, countEndedDevices, recipientsOf, withoutWrap } from './vault-generation';
import { decodeVaultHeader, type RecoveryKey, type VaultHeader } from './vault-header';
import { openVaultKey, sealingKeyOf, wrapVaultKey } from './vault-key';
import { LOG_START, positionAfter, sealRecords } from './vault-log';
import { readVault } from './vault-reader';
import { erasedBy, recordIdOf, type VaultRecord } from './vault-record';
import { VaultRefusal } from './vault-refusal';
import { openFirstWaiting, sealWaitingRecord } from './waiting-record';

/** A device’s access to the vault of its user. */
export interface VaultAccess {
  readonly device: Device;
  readonly store: VaultStore;
  readonly delivery: VaultDelivery;
  now(): number;
}

/** A vault as a device has it after it has read all that the server gave it. Its records are in the store. */
export interface VaultView {
  readonly identity: Bytes;
  /** Rises whenever the vault key is renewed. */
  readonly generation: number;
  readonly recoveryKeys: readonly RecoveryKey[];
  /** What a device that is let in must find in the log, too. */
  readonly floor: VaultFloor;
}

/** A state before anything is known. */
const UNREAD = { revision: 0, floor: null, position: LOG_START, header: null, wrap: null, rosters: [] };

/** A state after something was read. */
type OpenState = VaultState & { readonly header: VaultHeader; readonly wrap: VaultWrap };

/**
 * The vault of a user, on one device. Each step reads the store and the log, and what it writes counts only if nobody
 * has written in between, so devices and tabs work beside each other. What the log lacks waits in the store, so a step
 * that ends anywhere is taken up by the next one.
 */
export class Vault {
  constructor(private readonly access: VaultAccess) {}

  /**
   * Makes the vault of a new identity, whose only device this is; goes on with the one that this device has made before.
   * Refused as `other_identity` if the user has one already: another device was first.
   */
  async create(seed = randomBytes(KEY_LENGTH)): Promise<VaultView> {
    const { store } = this.access;
    const record: VaultRecord = { kind: 'identity', seed };
    const records = [{ recordId: await recordIdOf(record), record }];
    const { publicKey } = await signingKeyOfSeed(seed);
    if (!(await store.readVault())) await store.writeVault({ ...UNREAD, identity: publicKey }, records);
    return this.catchUp();
  }

  /**
   * Opens the vault on a further device, for which another one has added a wrap by {@link followDevices}.
   * @param handedOver what that device has said, by a way that the server cannot change
   */
  async openByDevice(handedOver: Pick<VaultView, 'identity' | 'floor'>): Promise<VaultView> {
    await this.pinIdentity(handedOver.identity, handedOver.floor);
    return this.catchUp();
  }

  /**
   * Opens the vault by the recovery phrase alone. The identity is then in the store, and this device can sign itself
   * into the device list, and go on with {@link followDevices}.
   * @param phrase as somebody typed it
   */
  async openByPhrase(phrase: string): Promise<VaultView> {
    const keys = await keysOfPhrase(phrase, this.access.device.userId);
    if (!keys) throw new VaultRefusal('wrong_phrase');
    const header = newestHeaderOf(await this.access.delivery.fetchLog(0));
    if (!header) throw new VaultRefusal('no_vault');
    const known = header.recoveryKeys.find(({ kind }) => kind === 'phrase');
    if (!known) throw new VaultRefusal('no_phrase');
    if (!equalBytes(known.publicKey, keys.receiving.publicKey)) throw new VaultRefusal('wrong_phrase');
    // Nobody has verified this header. The proof says that the identity is the user’s; that decides about all the rest.
    const proof = await keys.proveIdentity(header.identity);
    if (!equalBytes(known.identityProof, proof)) throw new VaultRefusal('other_identity');
    await this.pinIdentity(header.identity, null);
    return viewOf(await this.readOn(keys.receiving));
  }

  /** Reads everything that the server has into the store. */
  async catchUp(): Promise<VaultView> {
    return viewOf(await this.readOn());
  }

  /** Adds records, each once. They are in the store before they are sent. */
  async append(records: readonly VaultRecord[]): Promise<void> {
    await this.access.store.addWaiting(await Promise.all(records.map((record) => this.sealWaiting(record))));
    await this.sendWaiting();
  }

  /** @returns the record for a store that adds it together with something else; {@link sendWaiting} sends it */
  sealWaiting(record: VaultRecord): Promise<WaitingRecord> {
    return sealWaitingRecord(this.access.device, record);
  }

  /** Sends what waits, until nothing does. */
  async sendWaiting(): Promise<void> {
    await this.appendToLog(async (state) => {
      const records = await openFirstWaiting(this.access.device, await this.access.store.readWaiting());
      if (records.length === 0) return null;
      const rosters = new RosterBook(state.rosters);
      const logged: LoggedEntry[] = [];
      for (const record of records) logged.push(...(await rosters.shorten(record)));
      const sealingKey = await sealingKeyOf(state.header, await this.keyOf(state));
      return {
        entries: await sealRecords(state.header, sealingKey, state.position, logged),
        wraps: [],
        erased: records.flatMap(({ record }) => erasedBy(record)),
      };
    });
  }

  /**
   * Brings the vault to the newest device list: if a device has ended, the vault key is renewed, and whoever lives can
   * open the vault. To be called after each change of the list, and at the start, as a change may have been cut off.
   * @param list verified, as in all other methods: the vault key is sealed to whoever lives in it
   */
  async followDevices(list: DeviceList): Promise<VaultView> {
    const { delivery } = this.access;
    const state = await this.renewUntil(list, ({ endedDevices }) => endedDevices >= countEndedDevices(list));
    const { header } = state;
    const recipients = recipientsOf(list, header.recoveryKeys);
    const lacking = await withoutWrap(recipients, await delivery.fetchWraps(header.generation));
    if (lacking.length > 0) {
      const key = await this.keyOf(state);
      await delivery.addWraps(await Promise.all(lacking.map((publicKey) => wrapVaultKey(header, key, publicKey))));
    }
    return viewOf(state);
  }

  /** Renews the vault key: what is appended from now on opens only for the live devices of the list, and the phrase. */
  async renew(list: DeviceList): Promise<VaultView> {
    let before: number | undefined;
    return viewOf(await this.renewUntil(list, ({ generation }) => (before ??= generation) < generation));
  }

  /** Lets a new phrase open the vault, in the place of the one before. What comes from now on opens with no other. */
  async replacePhrase(list: DeviceList, phrase: readonly string[]): Promise<VaultView> {
    const keys = await keysOfPhrase(phrase.join(' '), this.access.device.userId);
    if (!keys) throw new VaultRefusal('wrong_phrase');
    const identityProof = await keys.proveIdentity(list.identity);
    const asked = chooseAskedWords(phrase);
    await this.append([{ kind: 'phrase_made', identityProof, time: this.access.now(), asked }]);
    const recoveryKey: RecoveryKey = { kind: 'phrase', publicKey: keys.receiving.publicKey, identityProof };
    const hasPhrase = ({ recoveryKeys }: VaultHeader): boolean =>
      recoveryKeys.some((one) => equalBytes(one.publicKey, recoveryKey.publicKey));
    return viewOf(await this.renewUntil(list, hasPhrase, recoveryKey));
  }

  /** The first identity stays: whoever wants another one begins with an empty store. */
  private async pinIdentity(identity: Bytes, floor: VaultFloor | null): Promise<void> {
    const { store } = this.access;
    for (;;) {
      const stored = await store.readVault();
      if (stored && !equalBytes(stored.identity, identity)) throw new VaultRefusal('other_identity');
      if (stored && (!floor || isOpen(stored))) return;
      if (await store.writeVault({ ...(stored ?? UNREAD), identity, floor }, [])) return;
    }
  }

  private async readOn(opener = this.access.device.receiving): Promise<OpenState> {
    const { store } = this.access;
    for (let hasFounded = false; ;) {
      const state = await store.readVault();
      if (!state) throw new VaultRefusal('no_vault');
      const { next, records } = await readVault(this.access, state, opener);
      if (!isOpen(next)) {
        if (hasFounded) throw new VaultRefusal('undecided');
        await this.foundLog();
        hasFounded = true;
      } else if (next === state || (await store.writeVault(next, records))) return next;
    }
  }

  /** Begins the log. Only {@link create} puts the identity into the store before the log has it. */
  private async foundLog(): Promise<void> {
    const { device, delivery, store } = this.access;
    const seed = await store.readIdentitySeed();
    if (!seed) throw new VaultRefusal('no_vault');
    const record: VaultRecord = { kind: 'identity', seed };
    const { header, key, entry, wraps } = await beginGeneration(
      await signingKeyOfSeed(seed),
      { userId: device.userId, generation: 1, previous: LOG_START.head, endedDevices: 0, recoveryKeys: [] },
      null,
      [device.receiving.publicKey],
    );
    const position = await positionAfter(LOG_START, entry);
    const records = [{ recordId: await recordIdOf(record), record }];
    const sealed = await sealRecords(header, await sealingKeyOf(header, key), position, records);
    await delivery.appendToLog(0, { entries: [entry, ...sealed], wraps, erased: [] });
  }

  /**
   * Appends to the log; others may do so at the same time.
   * @param appendFor what to append to the log as it is by then; null if nothing is left to say
   */
  private async appendToLog(appendFor: (state: OpenState) => Promise<VaultAppend | null>): Promise<OpenState> {
    for (let tried: number | null = null; ;) {
      const state = await this.readOn();
      const append = await appendFor(state);
      if (!append) return state;
      const { length } = state.position;
      if (length === tried) throw new VaultRefusal('undecided');
      await this.access.delivery.appendToLog(length, append);
      tried = length;
    }
  }

  private renewUntil(
    list: DeviceList,
    isDone: (header: VaultHeader) => boolean,
    recoveryKey: RecoveryKey | null = null,
  ): Promise<OpenState> {
    return this.appendToLog(async (state) => {
      this.refuseList(list, state.header);
      if (isDone(state.header)) return null;
      const { userId, generation } = state.header;
      const others = state.header.recoveryKeys.filter(({ kind }) => kind !== recoveryKey?.kind);
      const recoveryKeys = recoveryKey ? [...others, recoveryKey] : others;
      const endedDevices = countEndedDevices(list);
      const { entry, wraps } = await beginGeneration(
        await signingKeyOfSeed(await this.identitySeed()),
        { userId, generation: generation + 1, previous: state.position.head, endedDevices, recoveryKeys },
        await this.keyOf(state),
        recipientsOf(list, recoveryKeys),
      );
      return { entries: [entry], wraps, erased: [] };
    });
  }

  private refuseList(list: DeviceList, { userId, identity, endedDevices }: VaultHeader): void {
    const { device } = this.access;
    if (list.userId !== userId || !equalBytes(list.identity, identity)) throw new VaultRefusal('other_identity');
    if (countEndedDevices(list) < endedDevices) throw new VaultRefusal('list_behind');
    if (!hasLiveDevice(list, device.deviceId, device.signing.publicKey)) throw new VaultRefusal('ended_device');
  }

  private async identitySeed(): Promise<Bytes> {
    const seed = await this.access.store.readIdentitySeed();
    if (!seed) throw new Error('A vault begins with its identity.');
    return seed;
  }

  private keyOf({ header, wrap }: OpenState): Promise<Bytes> {
    return openVaultKey(header, [wrap], this.access.device.receiving);
  }
}

function isOpen(state: VaultState): state is OpenState {
  return state.header !== null && state.wrap !== null;
}

function viewOf({ identity, header, position }: OpenState): VaultView {
  const { generation, recoveryKeys } = header;
  return { identity, generation, recoveryKeys, floor: { length: position.length, head: position.head } };
}

/** @returns the last header of a log, of which nothing was verified */
function newestHeaderOf(entries: readonly VaultEntry[]): VaultHeader | null {
  const last = entries.findLast((entry) => entry.kind === 'header');
  return last ? decodeVaultHeader(last.header) : null;
}
