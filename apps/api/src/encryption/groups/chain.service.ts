import { Injectable } from '@nestjs/common';
import type { AppendChainItemDto, ChainDto, ChainItemDto, TakenDto } from '@webcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { sqlStatement } from '../../platform/database/sql-statement';
import { bytea, integer, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { LimitBudgets } from '../../platform/throttling/limit-budgets';
import { GroupAccess } from './group-access';
import { findGroupName } from './group-id';

/** So many items of the greatest size make an answer of 1.4 MB. */
const ITEMS_OF_ANSWER = 500;

const LIST_ITEMS = sqlStatement({
  takes: [uuid, integer, integer],
  gives: { item: bytea, signature: bytea },
  sql: 'SELECT item, signature FROM chain_items WHERE room_id = $1 AND index >= $2 ORDER BY index LIMIT $3::integer',
});

const FIND_LENGTH = sqlStatement({
  takes: [uuid],
  gives: { length: integer },
  sql: 'SELECT coalesce(max(index) + 1, 0) AS length FROM chain_items WHERE room_id = $1',
});

const INSERT_ITEM = sqlStatement({
  takes: [uuid, integer, bytea, bytea],
  sql: 'INSERT INTO chain_items (room_id, index, item, signature) VALUES ($1, $2, $3, $4)',
});

const INSERT_GROUP = sqlStatement({
  takes: [uuid, bytea],
  gives: { number: integer },
  sql: `INSERT INTO room_groups (room_id, number, group_id)
    SELECT $1::uuid, (SELECT coalesce(max(number) + 1, 0) FROM room_groups WHERE room_id = $1), $2::bytea
    WHERE NOT EXISTS (SELECT FROM room_groups WHERE room_id = $1 AND group_id = $2) RETURNING number`,
});

/** Keeps the chains of rooms. What their items say, only devices can read: the server keeps their order. */
@Injectable()
export class ChainService {
  constructor(
    private readonly db: DataSource,
    private readonly access: GroupAccess,
    private readonly events: EventBus,
    private readonly budgets: LimitBudgets,
  ) {}

  async loadItems(who: Principal, roomId: string, from: number): Promise<ChainDto> {
    await this.access.requireReader(who, roomId);
    // Counted first: an item that comes in between is more than the answer promises, and no gap.
    const length = await this.loadLength(this.db.manager, roomId);
    const rows = await LIST_ITEMS.loadRows(this.db, roomId, from, ITEMS_OF_ANSWER);
    return {
      items: rows.map(({ item, signature }) => ({
        item: item.toString('base64url'),
        signature: signature.toString('base64url'),
      })),
      length,
    };
  }

  /**
   * Takes an item if it is the next one. A repeat is answered as the first time, and is free: a device sends an item
   * until it knows what became of it.
   */
  async appendItem(who: Principal, roomId: string, dto: AppendChainItemDto): Promise<TakenDto> {
    const { userId } = await this.access.requireActingDevice(who, roomId);
    if (dto.index < (await this.loadLength(this.db.manager, roomId)))
      return { taken: await this.isItemAt(this.db.manager, roomId, dto.index, dto) };
    await this.budgets.spendBudget(1, ['groups:chain', userId]);
    if (dto.groupId !== undefined) await this.budgets.spendBudget(1, ['groups:regroup', userId]);
    return this.access.runAsDevice(who, roomId, async (manager) => {
      // Only now is it certain that nobody else comes first.
      if (dto.index < (await this.loadLength(manager, roomId)))
        return { taken: await this.isItemAt(manager, roomId, dto.index, dto) };
      await this.storeItem(manager, roomId, dto.index, dto, dto.groupId);
      await this.events.publishEvent(manager, 'group.changed', { roomId });
      return { taken: true };
    });
  }

  /** @returns whether the item with that index is this one */
  async isItemAt(manager: EntityManager, roomId: string, index: number, dto: ChainItemDto): Promise<boolean> {
    const found = await LIST_ITEMS.findRow(manager, roomId, index, 1);
    return (
      found !== undefined &&
      found.item.toString('base64url') === dto.item &&
      found.signature.toString('base64url') === dto.signature
    );
  }

  /**
   * Stores the next item of a room whose row is locked, and the group that it sets up, if it does so. Which generation
   * comes next only devices know: a member can name a group here and not in the item, or the other way round.
   * @throws AppError invalid_input for an item that is not the next one, or a group that is known or of another room
   */
  async storeItem(
    manager: EntityManager,
    roomId: string,
    index: number,
    { item, signature }: ChainItemDto,
    groupId?: string,
  ): Promise<void> {
    if (index !== (await this.loadLength(manager, roomId)))
      throw new AppError('invalid_input', { index: ['index must be that of the next item'] });
    await INSERT_ITEM.execute(
      manager,
      roomId,
      index,
      Buffer.from(item, 'base64url'),
      Buffer.from(signature, 'base64url'),
    );
    if (groupId === undefined) return;
    const group = findGroupName(roomId, groupId);
    if (
      !group ||
      (index === 0 && group.generation > 0) ||
      !(await INSERT_GROUP.findRow(manager, roomId, group.groupId))
    )
      throw new AppError('invalid_input', {
        groupId: ['groupId must be new, of this room, and begin with generation 0'],
      });
  }

  private async loadLength(manager: EntityManager, roomId: string): Promise<number> {
    return (await FIND_LENGTH.findRow(manager, roomId))?.length ?? 0;
  }
}
