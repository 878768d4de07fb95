import { Injectable } from '@nestjs/common';
import type {
  ChangeContactDto,
  ContactDto,
  ContactsDto,
  PageQueryDto,
  PersonCardDto,
  PersonDto,
  RoomDto,
} from '@webcall/contracts';
import type { RelationAction } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../platform/access/principal';
import { type DomainEvents, OnEvent, OnEventInTransaction } from '../platform/events/domain-events';
import { EventBus } from '../platform/events/event-bus';
import { BackgroundTasks } from '../platform/realtime/background-tasks';
import { Realtime } from '../platform/realtime/realtime';
import { StableBroadcasts } from '../platform/realtime/stable-broadcasts';
import { DirectRooms } from '../rooms/direct-rooms';
import { RoomsService } from '../rooms/rooms.service';
import { ContactPairs } from './contact-pairs';
import { ContactViews } from './contact-views';

/** Finds users and changes the relations between them. Guests can do neither. */
@Injectable()
export class ContactsService {
  private readonly broadcasts = new StableBroadcasts();

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

  async loadPerson(who: Principal, userId: string): Promise<PersonCardDto> {
    requireAccount(who);
    return this.views.loadPersonCard(who.userId, userId);
  }

  loadContactPage(who: Principal, query: PageQueryDto): Promise<ContactsDto> {
    return this.views.loadContactViewPage(who.userId, query);
  }

  async applyRelationAction(who: Principal, otherId: string, action: RelationAction): Promise<void> {
    requireAccount(who);
    await this.pairs.applyPairAction(who.userId, otherId, action);
    if (action === 'block') await this.publishBlockToRooms(who.userId, otherId);
  }

  /** Applies an action that leaves a visible relation. */
  async applyAndLoadContact(who: Principal, otherId: string, action: RelationAction): Promise<ContactDto> {
    await this.applyRelationAction(who, otherId, action);
    return this.views.loadContactView(who.userId, otherId);
  }

  async setContactRingtone(who: Principal, otherId: string, { ringtone }: ChangeContactDto): Promise<ContactDto> {
    requireAccount(who);
    await this.pairs.storeRingtone(who.userId, otherId, ringtone ?? null);
    return this.views.loadContactView(who.userId, otherId);
  }

  /** Opens the direct room with a contact or with a member of the same room; a new one gives contacts a `roomId`. */
  async openDirectRoom(who: Principal, otherId: string): Promise<RoomDto> {
    requireAccount(who);
    const { userId } = who;
    return this.directRooms.openOrCreateRoom([userId, otherId], {
      requireAccess: (manager) => this.pairs.requireDirectRoomAccess(manager, userId, otherId),
      onCreated: async (manager) => {
        await this.events.publishEvent(manager, 'relation.changed', { viewerId: userId, otherId });
        await this.events.publishEvent(manager, 'relation.changed', { viewerId: otherId, otherId: userId });
      },
    });
  }

  /** Everybody who sees a relation to the user learns the new name; nobody waits until all have. */
  @OnEvent('user.renamed')
  publishRenameToContacts({ userId }: DomainEvents['user.renamed']): void {
    this.background.runInBackground('publishing a new name to contacts', async () => {
      for (const viewerId of await this.pairs.listRelatedUserIds(userId))
        await this.events.publishCommitted('relation.changed', { viewerId, otherId: userId });
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
    await this.broadcasts.broadcastUntilStable(
      `${viewerId} ${otherId}`,
      () => this.views.loadContactView(viewerId, otherId),
      (contact) => this.realtime.toUserDevices(viewerId).emit('contact:changed', { contact }),
    );
  }
}
