import { Injectable } from '@nestjs/common';
import type { ChangeContactDto, ContactDto, ContactsDto, PageQueryDto, PersonDto, RoomDto } from '@webcall/contracts';
import { type RelationAction, relationSeenBy } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../platform/access/principal';
import { type DomainEvents, OnEvent, OnEventInTransaction } from '../platform/events/domain-events';
import { EventBus } from '../platform/events/event-bus';
import { BackgroundTasks } from '../platform/realtime/background-tasks';
import { broadcastUntilStable } from '../platform/realtime/broadcast-until-stable';
import { Realtime } from '../platform/realtime/realtime';
import { DirectRooms } from '../rooms/direct-rooms';
import { RoomsService } from '../rooms/rooms.service';
import { pairSideOf } from './contact-pair-row';
import { ContactPairs } from './contact-pairs';
import { ContactViews } from './contact-views';

/** Finds users and changes the relations between them. Guests can do neither. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly pairs: ContactPairs,
    private readonly views: ContactViews,
    private readonly directRooms: DirectRooms,
    private readonly allRooms: RoomsService,
    private readonly events: EventBus,
    private readonly realtime: Realtime,
    private readonly background: BackgroundTasks,
  ) {}

  async searchPeople(who: Principal, name: string): Promise<PersonDto[]> {
    requireAccount(who);
    return this.views.findPeopleByName(who.userId, name);
  }

  loadContactPage(who: Principal, query: PageQueryDto): Promise<ContactsDto> {
    return this.views.loadContactViewPage(who.userId, query);
  }

  /**
   * Applies an action and notifies each user whose view of the relation has changed. A blocked user may so hear that a
   * contact or a request has ended, but not of the block.
   */
  async applyRelationAction(who: Principal, otherId: string, action: RelationAction): Promise<void> {
    requireAccount(who);
    const { userId } = who;
    const { before, after } = await this.pairs.applyPairAction(userId, otherId, action);
    if (action === 'block') await this.publishBlockToRooms(userId, otherId);
    const [mine, theirs] = [pairSideOf(userId, otherId), pairSideOf(otherId, userId)];
    if (relationSeenBy(before, mine) !== relationSeenBy(after, mine)) await this.publishRelation(userId, otherId);
    if (relationSeenBy(before, theirs) !== relationSeenBy(after, theirs)) await this.publishRelation(otherId, userId);
  }

  /** Applies an action that leaves a visible relation. */
  async applyAndLoadContact(who: Principal, otherId: string, action: RelationAction): Promise<ContactDto> {
    await this.applyRelationAction(who, otherId, action);
    return this.views.loadContactView(who.userId, otherId);
  }

  async setContactRingtone(who: Principal, otherId: string, { ringtone }: ChangeContactDto): Promise<ContactDto> {
    requireAccount(who);
    await this.pairs.storeRingtone(who.userId, otherId, ringtone ?? null);
    await this.publishRelation(who.userId, otherId);
    return this.views.loadContactView(who.userId, otherId);
  }

  /** Opens the direct room with a contact; a new one gives both contacts a `roomId`. */
  async openContactRoom(who: Principal, otherId: string): Promise<RoomDto> {
    requireAccount(who);
    const { userId } = who;
    const { room, made } = await this.directRooms.openOrCreateRoom([userId, otherId], (manager) =>
      this.pairs.requireContact(manager, userId, otherId),
    );
    if (made) await Promise.all([this.publishRelation(userId, otherId), this.publishRelation(otherId, userId)]);
    return room;
  }

  /** Everybody who sees a relation to the user learns the new name; nobody waits until all have. */
  @OnEvent('user.renamed')
  publishRenameToContacts({ userId }: DomainEvents['user.renamed']): void {
    this.background.runInBackground('publishing a new name to contacts', async () => {
      for (const viewerId of await this.pairs.listRelatedUserIds(userId)) await this.publishRelation(viewerId, userId);
    });
  }

  /** First of all that is erased: concurrent actions towards the user wait for these locks. */
  @OnEventInTransaction('user.erased', 10)
  async deleteContactsOf({ userId }: DomainEvents['user.erased'], manager: EntityManager): Promise<void> {
    const viewerIds = await this.pairs.deleteUserPairs(manager, userId);
    await this.events.publishEvent(manager, 'relations.deleted', { userId, viewerIds });
  }

  @OnEvent('relations.deleted')
  announceDeletedContact({ userId, viewerIds }: DomainEvents['relations.deleted']): void {
    const contact: ContactDto = {
      userId,
      name: '',
      relation: 'none',
      presence: null,
      lastSeenAt: null,
      ringtone: null,
      roomId: null,
      since: new Date().toISOString(),
    };
    for (const id of viewerIds) this.realtime.toUserDevices(id).emit('contact:changed', { contact });
  }

  /** Publishes to all shared rooms that one user has blocked the other. */
  private async publishBlockToRooms(by: string, userId: string): Promise<void> {
    const roomsOfBlocked = new Set(await this.allRooms.listRoomIdsOfUser(userId));
    const shared = (await this.allRooms.listRoomIdsOfUser(by)).filter((roomId) => roomsOfBlocked.has(roomId));
    for (const roomId of shared) await this.events.publishCommitted('member.blocked', { roomId, userId, by });
  }

  /** Shows a user's devices the relation to another user as it is now. */
  @OnEvent('relation.changed')
  async announceRelation({ viewerId, otherId }: DomainEvents['relation.changed']): Promise<void> {
    await broadcastUntilStable(
      () => this.views.loadContactView(viewerId, otherId),
      (contact) => this.realtime.toUserDevices(viewerId).emit('contact:changed', { contact }),
    );
  }

  private publishRelation(viewerId: string, otherId: string): Promise<void> {
    return this.events.publishCommitted('relation.changed', { viewerId, otherId });
  }
}
