import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ChangeContactDto, ContactDto, ContactsDto, PageQueryDto, PersonDto, RoomDto } from '@webcall/contracts';
import { type RelationAction, relationOf } from '@webcall/domain';
import { type Principal, requireAccount } from '../platform/access/principal';
import { tellLastWord } from '../platform/realtime/last-word';
import { Realtime } from '../platform/realtime/realtime';
import { DirectRooms } from '../rooms/direct-rooms';
import { RoomEvents } from '../rooms/room-events';
import { RoomsService } from '../rooms/rooms.service';
import { ContactViews } from './contact-views';
import { sideOf } from './pair-row';
import { Pairs } from './pairs';

/** Finding people, and what becomes of two of them. Guests find nobody and have no contacts. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly pairs: Pairs,
    private readonly views: ContactViews,
    private readonly rooms: DirectRooms,
    private readonly allRooms: RoomsService,
    private readonly events: RoomEvents,
    private readonly realtime: Realtime,
  ) {}

  async find(who: Principal, name: string): Promise<PersonDto[]> {
    requireAccount(who);
    return this.views.find(who.userId, name);
  }

  list(who: Principal, query: PageQueryDto): Promise<ContactsDto> {
    return this.views.contactsOf(who.userId, query);
  }

  /** Takes one step. The devices of both hear what it changes for them: who is blocked or declined hears nothing more. */
  async take(who: Principal, otherId: string, action: RelationAction): Promise<void> {
    requireAccount(who);
    const { userId } = who;
    const { before, after, roomId } = await this.pairs.take(userId, otherId, action);
    if (roomId) await this.rooms.closed(roomId);
    if (action === 'block') await this.tellRooms(userId, otherId);
    const [mine, theirs] = [sideOf(userId, otherId), sideOf(otherId, userId)];
    if (relationOf(before, mine) !== relationOf(after, mine)) await this.tell(userId, otherId);
    if (relationOf(before, theirs) !== relationOf(after, theirs)) await this.tell(otherId, userId);
  }

  /** Takes one step after which there is something to see. */
  async takeAndSee(who: Principal, otherId: string, action: RelationAction): Promise<ContactDto> {
    await this.take(who, otherId, action);
    return this.views.contact(who.userId, otherId);
  }

  async change(who: Principal, otherId: string, { ringtone }: ChangeContactDto): Promise<ContactDto> {
    requireAccount(who);
    await this.pairs.setRingtone(who.userId, otherId, ringtone ?? null);
    return this.tell(who.userId, otherId);
  }

  /** Opens the direct room with a contact. */
  async openRoom(who: Principal, otherId: string): Promise<RoomDto> {
    requireAccount(who);
    const { userId } = who;
    const { room, made } = await this.rooms.open([userId, otherId], (manager) =>
      this.pairs.requireContact(manager, userId, otherId),
    );
    if (made) await Promise.all([this.tell(userId, otherId), this.tell(otherId, userId)]);
    return room;
  }

  /** Tells those who see the user among their people what the user is called now. */
  async renamed(userId: string): Promise<void> {
    for (const otherId of await this.pairs.onlookersOf(userId)) await this.tell(otherId, userId);
  }

  /**
   * Ends all that stands between a user and others, as the first step of their going for good.
   * @returns tells those to whom it showed, once it has been stored
   */
  async forget(manager: EntityManager, userId: string): Promise<() => void> {
    const contacts = await this.pairs.forget(manager, userId);
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
      for (const id of contacts) this.realtime.toUser(id).emit('contact:changed', { contact });
    };
  }

  /** The rooms in which the two meet hear that one has blocked the other. */
  private async tellRooms(by: string, userId: string): Promise<void> {
    const theirs = new Set(await this.allRooms.roomIds(userId));
    const shared = (await this.allRooms.roomIds(by)).filter((roomId) => theirs.has(roomId));
    for (const roomId of shared) this.events.all.next({ type: 'member_blocked', roomId, userId, by });
  }

  private tell(viewerId: string, otherId: string): Promise<ContactDto> {
    return tellLastWord(
      () => this.views.contact(viewerId, otherId),
      (contact) => this.realtime.toUser(viewerId).emit('contact:changed', { contact }),
    );
  }
}
