import { equalBytes } from '../bytes/bytes';
import { type KeptRecord } from './ports';
import { type LoggedRecord } from './vault-record';
import { VaultRefusal } from './vault-refusal';
import { equalRosters, joinRosterParts, rosterIdOf, rosterPartsOf, type VaultRoster } from './vault-roster';

/** A record as the log has it. */
export interface LoggedEntry {
  readonly recordId: KeptRecord['recordId'];
  readonly record: LoggedRecord;
}

/** An epoch of 200 devices has 31 kB with its roster, and few of them change from one epoch to the next. */
export class RosterBook {
  /** @param rosters the newest one of each group, as the log has them by then */
  constructor(private rosters: readonly VaultRoster[]) {}

  /** The newest roster of each group behind all that was shortened or restored. */
  get newest(): readonly VaultRoster[] {
    return this.rosters;
  }

  /** @returns the record as it goes into the log: an epoch names its roster, behind what has changed in that of its group */
  async shorten({ recordId, record }: KeptRecord): Promise<readonly LoggedEntry[]> {
    if (record.kind !== 'epoch') return [{ recordId, record }];
    const { groupId, epoch, secret, chainLength, roster } = record;
    const before = this.rosterOf(groupId);
    const isSame = equalRosters(before.roster, roster);
    const rosterId = isSame ? before.rosterId : await rosterIdOf(groupId, before.rosterId, roster);
    const short = { recordId, record: { kind: 'short_epoch', groupId, epoch, secret, rosterId, chainLength } } as const;
    if (isSame) return [short];
    this.replace({ groupId, rosterId, roster });
    const parts = rosterPartsOf(before.roster, roster);
    return [{ recordId: rosterId, record: { kind: 'roster', groupId, before: before.rosterId, parts } }, short];
  }

  /** @returns what {@link shorten} was given, of records in the order of the log */
  async restore(entries: readonly LoggedEntry[]): Promise<KeptRecord[]> {
    const kept: KeptRecord[] = [];
    for (const { recordId, record } of entries) {
      if (record.kind === 'roster') await this.restoreRoster(recordId, record);
      else if (record.kind !== 'short_epoch') kept.push({ recordId, record });
      else {
        const { groupId, epoch, secret, chainLength } = record;
        const { rosterId, roster } = this.rosterOf(groupId);
        if (!equalBytes(rosterId, record.rosterId)) throw new VaultRefusal('malformed');
        kept.push({ recordId, record: { kind: 'epoch', groupId, epoch, secret, roster, chainLength } });
      }
    }
    return kept;
  }

  private async restoreRoster(
    rosterId: VaultRoster['rosterId'],
    { groupId, before, parts }: Extract<LoggedRecord, { kind: 'roster' }>,
  ): Promise<void> {
    const known = this.rosterOf(groupId);
    const roster = joinRosterParts(known.roster, parts);
    if (!roster || !equalBytes(rosterId, await rosterIdOf(groupId, before, roster)))
      throw new VaultRefusal('malformed');
    if (!equalBytes(known.rosterId, before)) throw new VaultRefusal('malformed');
    this.replace({ groupId, rosterId, roster });
  }

  /** A group begins with nobody. */
  private rosterOf(groupId: VaultRoster['groupId']): VaultRoster {
    const known = this.rosters.find((one) => equalBytes(one.groupId, groupId));
    return known ?? { groupId, rosterId: new Uint8Array(), roster: [] };
  }

  private replace(roster: VaultRoster): void {
    this.rosters = [...this.rosters.filter(({ groupId }) => !equalBytes(groupId, roster.groupId)), roster];
  }
}
