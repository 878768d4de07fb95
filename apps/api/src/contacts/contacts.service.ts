import { Injectable } from '@nestjs/common';
import type { ChangeContactDto, ContactDto, ContactsDto, PageQueryDto, PersonDto, RoomDto } from '@webcall/contracts';
import { type RelationAction, relationSeenBy } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { type Principal, requireAccount } from '../platform/access/principal';
import { broadcastUntilStable } from '../platform/realtime/broadcast-until-stable';
import { Realtime } from '../platform/realtime/realtime';
import { DirectRooms } from '../rooms/direct-rooms';
import { RoomEvents } from '../rooms/room-events';
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
    private readonly events: RoomEvents,
    private readonly realtime: Realtime,
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
    const { before, after, roomId } = await this.pairs.applyPairAction(userId, otherId, action);
    if (roomId) await this.directRooms.announceClosedState(roomId);
    if (action === 'block') await this.publishBlockToRooms(userId, otherId);
    const [mine, theirs] = [pairSideOf(userId, otherId), pairSideOf(otherId, userId)];
    if (relationSeenBy(before, mine) !== relationSeenBy(after, mine))
      await this.broadcastContactChange(userId, otherId);
    if (relationSeenBy(before, theirs) !== relationSeenBy(after, theirs))
      await this.broadcastContactChange(otherId, userId);
  }

  /** Applies an action that leaves a visible relation. */
  async applyAndLoadContact(who: Principal, otherId: string, action: RelationAction): Promise<ContactDto> {
    await this.applyRelationAction(who, otherId, action);
    return this.views.loadContactView(who.userId, otherId);
  }

  async setContactRingtone(who: Principal, otherId: string, { ringtone }: ChangeContactDto): Promise<ContactDto> {
    requireAccount(who);
    await this.pairs.storeRingtone(who.userId, otherId, ringtone ?? null);
    return this.broadcastContactChange(who.userId, otherId);
  }

  /** Opens the direct room with a contact; a new one gives both contacts a `roomId`. */
  async openContactRoom(who: Principal, otherId: string): Promise<RoomDto> {
    requireAccount(who);
    const { userId } = who;
    const { room, made } = await this.directRooms.openOrCreateRoom([userId, otherId], (manager) =>
      this.pairs.requireContact(manager, userId, otherId),
    );
    if (made)
      await Promise.all([this.broadcastContactChange(userId, otherId), this.broadcastContactChange(otherId, userId)]);
    return room;
  }

  /** Announces a user's new name to everybody who sees a relation to them. */
  async announceRenameToContacts(userId: string): Promise<void> {
    for (const otherId of await this.pairs.listRelatedUserIds(userId))
      await this.broadcastContactChange(otherId, userId);
  }

  /**
   * Deletes all relations of a user, as the first step of deleting the user.
   * @returns a function that notifies the users who saw a relation, to be called after the commit
   */
  async deleteContactsOf(manager: EntityManager, userId: string): Promise<() => void> {
    const relatedIds = await this.pairs.deleteUserPairs(manager, userId);
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
    return () => {
      for (const id of relatedIds) this.realtime.toUserDevices(id).emit('contact:changed', { contact });
    };
  }

  /** Publishes to all shared rooms that one user has blocked the other. */
  private async publishBlockToRooms(by: string, userId: string): Promise<void> {
    const roomsOfBlocked = new Set(await this.allRooms.listRoomIdsOfUser(userId));
    const shared = (await this.allRooms.listRoomIdsOfUser(by)).filter((roomId) => roomsOfBlocked.has(roomId));
    for (const roomId of shared) this.events.eventStream.next({ type: 'member_blocked', roomId, userId, by });
  }

  private broadcastContactChange(viewerId: string, otherId: string): Promise<ContactDto> {
    return broadcastUntilStable(
      () => this.views.loadContactView(viewerId, otherId),
      (contact) => this.realtime.toUserDevices(viewerId).emit('contact:changed', { contact }),
    );
  }
}
