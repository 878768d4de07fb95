import { Injectable } from '@nestjs/common';
import type { EncryptRoomDto, MemberVersionsDto, RoomEncryptionDto } from '@webcall/contracts';
import { ENCRYPTED_ROOM_CAPACITY } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { RoomEntries } from '../../chat/room-entries';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bigintParameter, bool, integer, nullable, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { lockRoomRow } from '../../rooms/lock-room-row';
import { RoomsService } from '../../rooms/rooms.service';
import { DeviceSessions } from '../devices/device-sessions';
import { ChainService } from './chain.service';
import { GroupAccess } from './group-access';

/** More than one version can have: it begins with 200 members at most, and goes on one by one. */
const VERSIONS_OF_ANSWER = 1000;

const FIND_ENCRYPTION = sqlStatement({
  takes: [uuid],
  gives: {
    encryptedFrom: nullable(integer),
    generation: integer,
    epoch: integer,
    epochMessages: integer,
    memberVersion: integer,
    rekeyDue: bool,
    chainLength: integer,
  },
  sql: `SELECT encrypted_from AS "encryptedFrom", generation, epoch, epoch_messages AS "epochMessages",
      member_version AS "memberVersion", rekey_due_since IS NOT NULL AS "rekeyDue",
      (SELECT coalesce(max(index) + 1, 0) FROM chain_items WHERE room_id = $1) AS "chainLength"
    FROM rooms WHERE id = $1`,
});

/** From the next message on; the first members are those of the present version. */
const ENCRYPT_ROOM = sqlStatement({
  takes: [uuid],
  sql: `WITH room AS (
      UPDATE rooms SET encrypted_from = last_seq + 1 WHERE id = $1 AND encrypted_from IS NULL
      RETURNING id, member_version
    )
    INSERT INTO member_versions (room_id, version, user_id, is_member)
    SELECT room.id, room.member_version, m.user_id, true FROM room JOIN members m ON m.room_id = room.id`,
});

/** A member without a device counts as well: they will need one. */
const COUNT_DEVICES = sqlStatement({
  takes: [uuid],
  gives: { count: integer },
  sql: `SELECT count(*)::integer AS count FROM members m
    LEFT JOIN devices d ON d.user_id = m.user_id AND d.ended_at IS NULL WHERE m.room_id = $1`,
});

/** All changes of a version, or none: the last one may be cut, and is left out then. */
const LIST_VERSIONS = sqlStatement({
  takes: [uuid, integer, bigintParameter],
  gives: { version: integer, userId: uuid, isMember: bool },
  sql: `SELECT version, user_id AS "userId", is_member AS "isMember" FROM member_versions
    WHERE room_id = $1 AND version > $2 ORDER BY version, user_id LIMIT $3`,
});

/** Begins encryption in rooms, once and for good, and says how far an encrypted room is. */
@Injectable()
export class RoomEncryptionService {
  constructor(
    private readonly db: DataSource,
    private readonly access: GroupAccess,
    private readonly rooms: RoomsService,
    private readonly devices: DeviceSessions,
    private readonly chain: ChainService,
    private readonly entries: RoomEntries,
    private readonly events: EventBus,
  ) {}

  async loadEncryption(who: Principal, roomId: string): Promise<RoomEncryptionDto> {
    await this.rooms.requireMember(who, roomId, 'message:read');
    return this.requireEncryption(roomId);
  }

  /** @throws AppError room_not_encrypted, also for a room that has been deleted */
  async requireEncryption(roomId: string, manager: EntityManager = this.db.manager): Promise<RoomEncryptionDto> {
    const encryption = await this.findEncryption(roomId, manager);
    if (!encryption) throw new AppError('room_not_encrypted');
    return encryption;
  }

  /** @returns undefined for a plain room */
  async findEncryption(
    roomId: string,
    manager: EntityManager = this.db.manager,
  ): Promise<RoomEncryptionDto | undefined> {
    const row = await FIND_ENCRYPTION.findRow(manager, roomId);
    return row && row.encryptedFrom !== null ? { ...row, encryptedFrom: row.encryptedFrom } : undefined;
  }

  /** Begins encryption. A repeat is answered as the first time. */
  async encryptRoom(who: Principal, roomId: string, dto: EncryptRoomDto): Promise<RoomEncryptionDto> {
    await this.rooms.requireMember(who, roomId, 'room:encrypt');
    return this.events.runTransaction(async (manager) => {
      if (!(await lockRoomRow(manager, roomId))) throw new AppError('room_not_found');
      const { visibility } = await this.rooms.requireMember(who, roomId, 'room:encrypt', manager);
      await this.devices.requireLiveDevice(who, manager);
      if (visibility === 'public') throw new AppError('room_public');
      if (await this.findEncryption(roomId, manager)) {
        if (!(await this.chain.isItemAt(manager, roomId, 0, dto))) throw new AppError('room_encrypted');
        return this.requireEncryption(roomId, manager);
      }
      await this.requireFewDevices(manager, roomId);
      await ENCRYPT_ROOM.execute(manager, roomId);
      await this.chain.storeItem(manager, roomId, 0, dto, dto.groupId);
      await this.entries.upsertEntryOfLockedRoom(manager, roomId, {
        id: this.entries.deriveEntryId(roomId, 'settings', 'encrypted'),
        authorId: who.userId,
        content: { type: 'settings', encrypted: true },
      });
      await this.events.publishEvent(manager, 'group.changed', { roomId });
      return this.requireEncryption(roomId, manager);
    });
  }

  /** By these a device knows who was a member in which version, which commits name. */
  async loadMemberVersions(who: Principal, roomId: string, after: number): Promise<MemberVersionsDto> {
    await this.access.requireReader(who, roomId);
    const { memberVersion } = await this.requireEncryption(roomId);
    const found = await LIST_VERSIONS.loadRows(this.db, roomId, after, VERSIONS_OF_ANSWER + 1);
    const cut = found.length > VERSIONS_OF_ANSWER ? found.at(-1)?.version : undefined;
    const changes = found.filter(({ version }) => version <= memberVersion && version !== cut);
    return { changes, memberVersion, upTo: cut === undefined ? memberVersion : (changes.at(-1)?.version ?? after) };
  }

  /** The lock of the room keeps others from joining it meanwhile. @throws AppError encrypted_room_full */
  async requireFewDevices(manager: EntityManager, roomId: string): Promise<void> {
    const row = await COUNT_DEVICES.findRow(manager, roomId);
    if (row && row.count > ENCRYPTED_ROOM_CAPACITY) throw new AppError('encrypted_room_full');
  }
}
