import { Injectable } from '@nestjs/common';
import type { FoundKeyPackageDto, KeyPackageDto } from '@webcall/contracts';
import { DataSource } from 'typeorm';
import { ContactsService } from '../../contacts/contacts.service';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, nullable, uuid } from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';

const STORE_KEY_PACKAGE = sqlStatement({
  takes: [uuid, bytea],
  sql: `UPDATE devices d SET key_package = $2 FROM sessions s
    WHERE s.id = $1 AND d.user_id = s.user_id AND d.id = s.device_id AND d.ended_at IS NULL`,
});

/** A dormant device would only come into groups to be taken out of them. */
const FIND_KEY_PACKAGE = sqlStatement({
  takes: [uuid, uuid],
  gives: { keyPackage: nullable(bytea) },
  sql: `SELECT CASE WHEN dormant_at IS NULL THEN key_package END AS "keyPackage" FROM devices
    WHERE user_id = $1 AND id = $2 AND ended_at IS NULL`,
});

/** Keeps one key package of each live device, by which others add it to groups while it is away. */
@Injectable()
export class KeyPackagesService {
  constructor(
    private readonly db: DataSource,
    private readonly contacts: ContactsService,
  ) {}

  /**
   * Takes the place of the one before.
   * @throws AppError device_required
   */
  async storeKeyPackage({ sessionId }: Principal, { keyPackage }: KeyPackageDto): Promise<void> {
    const bytes = Buffer.from(keyPackage, 'base64url');
    if ((await STORE_KEY_PACKAGE.countChanges(this.db, sessionId, bytes)) === 0) throw new AppError('device_required');
  }

  /** @throws AppError forbidden for guests; user_not_found; device_not_found, also unless one may write to its user */
  async loadKeyPackage(who: Principal, userId: string, deviceId: string): Promise<FoundKeyPackageDto> {
    const mayAdd = userId === who.userId || (await this.contacts.loadPerson(who, userId)).writable;
    const found = mayAdd && (await FIND_KEY_PACKAGE.findRow(this.db, userId, deviceId));
    if (!found) throw new AppError('device_not_found');
    return { keyPackage: found.keyPackage?.toString('base64url') ?? null };
  }
}
