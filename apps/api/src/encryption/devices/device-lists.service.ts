import { Injectable } from '@nestjs/common';
import type { DeviceListDto, DeviceListsDto, SignedDeviceListDto } from '@webcall/contracts';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { Sessions } from '../../platform/access/sessions';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, integer, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { DeviceListViews } from './device-list-views';
import { ListedDevices } from './listed-devices';
import { NewStarts } from './new-starts';
import {
  invalidDeviceListError,
  keepsDevicesOf,
  type ReadDeviceList,
  readSignedDeviceList,
} from './signed-device-list';

const FIND_PRESENT_LIST = sqlStatement({
  takes: [uuid],
  gives: { identity: bytea, version: integer, list: bytea },
  sql: 'SELECT key AS identity, version, list FROM identities WHERE user_id = $1 AND replaced_at IS NULL',
});

const UPDATE_LIST = sqlStatement({
  takes: [uuid, bytea, bytea, bytea, integer],
  sql: 'UPDATE identities SET list = $3, signature = $4, version = $5 WHERE user_id = $1 AND key = $2',
});

const REPLACE_IDENTITY = sqlStatement({
  takes: [uuid],
  sql: 'UPDATE identities SET replaced_at = now() WHERE user_id = $1 AND replaced_at IS NULL',
});

const INSERT_IDENTITY = sqlStatement({
  takes: [uuid, bytea, bytea, bytea, integer],
  gives: { userId: uuid },
  sql: `INSERT INTO identities (user_id, key, list, signature, version) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING user_id AS "userId"`,
});

/** Guests are deleted under the lock of their room: see `lockUserRow`. */
const LOCK_ROOM_OF_GUEST = sqlStatement({
  takes: [uuid],
  sql: 'SELECT FROM rooms r JOIN members m ON m.room_id = r.id WHERE m.user_id = $1 FOR NO KEY UPDATE OF r',
});

/** Stores the device lists of users, and hands them to those who meet them. */
@Injectable()
export class DeviceListsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly devices: ListedDevices,
    private readonly newStarts: NewStarts,
    private readonly views: DeviceListViews,
    private readonly events: EventBus,
  ) {}

  /** Any session of the user may send a list: what counts is that the identity has signed it. */
  async storeDeviceList(who: Principal, dto: SignedDeviceListDto): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      // Devices that end lock the rooms of their user: for a guest too late, who may be on the way out of theirs.
      if (who.guest) await LOCK_ROOM_OF_GUEST.execute(manager, who.userId);
      await this.storeInTransaction(manager, who, dto);
    });
  }

  /**
   * Stores a list whose version is above that of the present one. The same list again changes nothing.
   * @throws AppError device_list_outdated if another one was first; invalid_input; session_ended; quota_reached; for
   * another identity than the present one new_start_required | new_start_waits
   */
  async storeInTransaction(manager: EntityManager, who: Principal, dto: SignedDeviceListDto): Promise<void> {
    const signed = readSignedDeviceList(dto);
    if (signed.userId !== who.userId) throw invalidDeviceListError();
    await this.sessions.lockActiveSession(manager, who);
    const present = await FIND_PRESENT_LIST.findRow(manager, who.userId);
    if (present?.identity.equals(signed.identity)) {
      if (present.list.equals(signed.list)) return;
      if (signed.version <= present.version) throw new AppError('device_list_outdated');
      if (!keepsDevicesOf(present.list, signed)) throw invalidDeviceListError();
      await UPDATE_LIST.execute(manager, ...valuesOf(signed));
      await this.devices.followList(manager, signed);
    } else {
      if (present) await this.newStarts.takeOpenNewStart(manager, who, signed.identity);
      await this.beginIdentity(manager, signed);
      await this.devices.followList(manager, signed, who.sessionId);
    }
    await this.events.publishEvent(manager, 'devices.changed', { userId: who.userId, listChanged: true });
  }

  loadListsOf(who: Principal, userIds: readonly string[]): Promise<DeviceListsDto> {
    return this.views.loadOpenLists(who.userId, userIds);
  }

  loadListOfIdentity(who: Principal, userId: string, identity: Buffer): Promise<DeviceListDto> {
    return this.views.loadOpenListOfIdentity(who.userId, userId, identity);
  }

  private async beginIdentity(manager: EntityManager, signed: ReadDeviceList): Promise<void> {
    await REPLACE_IDENTITY.execute(manager, signed.userId);
    // An identity that was replaced does not come back.
    if (!(await INSERT_IDENTITY.findRow(manager, ...valuesOf(signed)))) throw new AppError('device_list_outdated');
  }
}

function valuesOf({ userId, identity, list, signature, version }: ReadDeviceList) {
  return [userId, identity, list, signature, version] as const;
}
