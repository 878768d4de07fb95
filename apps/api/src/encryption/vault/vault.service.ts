import { Injectable } from '@nestjs/common';
import {
  type AddVaultWrapsDto,
  type AppendToVaultDto,
  PROTOCOL_LIMITS,
  type SentVaultRecordDto,
  type VaultAppendedDto,
  type VaultEntriesDto,
  type VaultEntriesQueryDto,
  type VaultEntryDto,
  type VaultWrapDto,
  type VaultWrapsDto,
  type VaultWrapsQueryDto,
} from '@webcall/contracts';
import type { EntityManager } from 'typeorm';
import { lockUserRow } from '../../platform/access/lock-user-row';
import { type Principal, requireAccount } from '../../platform/access/principal';
import { quotaReachedError, Quotas } from '../../platform/access/quotas';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { DeviceSessions } from '../devices/device-sessions';
import { type NewVaultRecord, type VaultEntryRow, type VaultRow, VaultRows, type VaultWrapRow } from './vault-rows';

const MEGABYTE = 1024 * 1024;

/**
 * Keeps the vaults of users: logs of sealed records, one for each identity. The server looks after order, sizes and who
 * writes; what is in a vault it cannot read. All sessions of a user may read, so that a device that has nothing but the
 * recovery phrase can; only live devices of the identity may write.
 */
@Injectable()
export class VaultService {
  constructor(
    private readonly vaults: VaultRows,
    private readonly devices: DeviceSessions,
    private readonly events: EventBus,
    private readonly quotas: Quotas,
  ) {}

  async loadEntries(who: Principal, identity: Buffer, { from }: VaultEntriesQueryDto): Promise<VaultEntriesDto> {
    requireAccount(who);
    const rows = await this.vaults.loadEntries(who.userId, identity, from);
    const last = rows.at(-1);
    return { entries: rows.map(toEntryDto), next: last && last.index + 1 < last.length ? last.index + 1 : null };
  }

  /**
   * Adds entries and wraps and erases boxes, if the log has the length that the device has seen. A repeat of what was
   * taken finds it longer.
   */
  async appendEntries(who: Principal, identity: Buffer, append: AppendToVaultDto): Promise<VaultAppendedDto> {
    requireAccount(who);
    requireAppendSize(append);
    return this.changeVault(who, identity, async (manager, before) => {
      if (append.length !== before.length) return before;
      // Nothing in the log would say that it was done.
      if (!append.header && append.records.length === 0) throw invalidInputError('records', 'there is nothing to add');
      if (before.generation === 0 && !append.header) throw invalidInputError('header', 'a log begins with a header');
      const { header, records } = append;
      const added = await this.vaults.addEntries(manager, before, {
        header: header && { header: bytesOf(header.header), signature: bytesOf(header.signature) },
        records: records.map(toNewRecord),
      });
      const erased = await this.vaults.eraseBoxes(manager, added, append.erased.map(bytesOf));
      return this.addWrapsOf(manager, erased, erased.generation, append.wraps);
    });
  }

  async loadWraps(who: Principal, identity: Buffer, { generation }: VaultWrapsQueryDto): Promise<VaultWrapsDto> {
    requireAccount(who);
    const rows = await this.vaults.loadWraps(who.userId, identity, generation);
    return { wraps: rows.map(toWrapDto) };
  }

  async addWraps(who: Principal, identity: Buffer, { generation, wraps }: AddVaultWrapsDto): Promise<void> {
    requireAccount(who);
    await this.changeVault(who, identity, async (manager, before) => {
      if (generation > before.generation) throw invalidInputError('generation', 'there is no such generation yet');
      return this.addWrapsOf(manager, before, generation, wraps);
    });
  }

  /**
   * What an identity of before has kept, and nobody can add to, makes room for the vault of the present one. It stays for
   * a week: whoever has stolen the password can begin an identity too, and must not destroy what the phrase still opens
   * before its owner has noticed.
   */
  async deleteReplacedVault(who: Principal, identity: Buffer): Promise<void> {
    requireAccount(who);
    await this.events.runTransaction(async (manager) => {
      await lockUserRow(manager, who.userId);
      const device = await this.devices.holdLiveDevice(manager, who);
      const isKept =
        device.identity.equals(identity) || (await this.vaults.isLatelyReplaced(manager, who.userId, identity));
      if (isKept) throw new AppError('forbidden');
      await this.vaults.deleteVault(manager, who.userId, identity);
    });
  }

  /**
   * Changes a vault of a live device's identity, under the lock of the user's row: changes come one after another, and
   * the device cannot end meanwhile.
   * @param change returns the vault as it is then; the very same one if nothing changes
   */
  private changeVault(
    who: Principal,
    identity: Buffer,
    change: (manager: EntityManager, before: VaultRow) => Promise<VaultRow>,
  ): Promise<VaultAppendedDto> {
    const { userId, sessionId } = who;
    return this.events.runTransaction(async (manager) => {
      await lockUserRow(manager, userId);
      const device = await this.devices.holdLiveDevice(manager, who);
      if (!device.identity.equals(identity)) throw new AppError('device_required');
      const before = await this.vaults.findOrCreateVault(manager, userId, identity);
      const after = await change(manager, before);
      if (after === before) return { taken: false, length: before.length };
      if (after.bytes > before.bytes) await this.requireSpace(manager, userId, after.bytes - before.bytes);
      await this.vaults.updateVault(manager, after);
      const changed = { userId, sessionId, identity: identity.toString('base64url'), length: after.length };
      await this.events.publishEvent(manager, 'vault.changed', changed);
      return { taken: true, length: after.length };
    });
  }

  private async addWrapsOf(
    manager: EntityManager,
    vault: VaultRow,
    generation: number,
    wraps: readonly VaultWrapDto[],
  ): Promise<VaultRow> {
    const after = await this.vaults.addWraps(manager, vault, generation, wraps.map(toWrapRow));
    const most = PROTOCOL_LIMITS.vault.wrapsOfGeneration.max;
    if (!after) throw invalidInputError('wraps', `a generation has at most ${most} wraps`);
    return after;
  }

  /** What makes a vault smaller is always taken. */
  private async requireSpace(manager: EntityManager, userId: string, bytes: number): Promise<void> {
    const limit = this.quotas.quotaLimitOf('vault');
    if (limit === undefined) return;
    const used = await this.vaults.sumVaultBytes(manager, userId);
    if (used + bytes > limit * MEGABYTE) throw quotaReachedError('vault', limit);
  }
}

/** @throws AppError payload_too_large */
function requireAppendSize({ header, records, wraps }: AppendToVaultDto): void {
  const sent = [header?.header, ...records.map(({ box }) => box), ...wraps.map(({ encapsulated }) => encapsulated)];
  const bytes = sent.reduce((sum, text) => sum + Buffer.byteLength(text ?? '', 'base64url'), 0);
  if (bytes > PROTOCOL_LIMITS.vault.append.max) throw new AppError('payload_too_large');
}

function toNewRecord({ recordId, box, boxHash }: SentVaultRecordDto): NewVaultRecord {
  if (Boolean(box) === Boolean(boxHash))
    throw invalidInputError('records', 'a record has its box, or the hash of one that was erased');
  return {
    recordId: bytesOf(recordId),
    box: box ? bytesOf(box) : null,
    boxHash: boxHash ? bytesOf(boxHash) : null,
  };
}

function invalidInputError(field: string, problem: string): AppError {
  return new AppError('invalid_input', { [field]: [problem] });
}

function bytesOf(base64Url: string): Buffer {
  return Buffer.from(base64Url, 'base64url');
}

function toEntryDto({ generation, header, signature, recordId, box, boxHash }: VaultEntryRow): VaultEntryDto {
  const text = (bytes: Buffer | null): string => bytes?.toString('base64url') ?? '';
  if (header) return { header: { header: text(header), signature: text(signature) }, record: null };
  return {
    header: null,
    record: { generation, recordId: text(recordId), box: box && text(box), boxHash: text(boxHash) },
  };
}

function toWrapDto({ recipient, encapsulated, box }: VaultWrapRow): VaultWrapDto {
  return {
    recipient: recipient.toString('base64url'),
    encapsulated: encapsulated.toString('base64url'),
    box: box.toString('base64url'),
  };
}

function toWrapRow({ recipient, encapsulated, box }: VaultWrapDto): VaultWrapRow {
  return { recipient: bytesOf(recipient), encapsulated: bytesOf(encapsulated), box: bytesOf(box) };
}
