import type { RoomDto } from '@webcall/contracts';
import { type Door, isRoomActionAllowed, type Role, type RoomAction, type RoomKind } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../platform/access/principal';
import type { DomainEventName, DomainEvents } from '../../platform/events/domain-events';
import type { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import type { Realtime } from '../../platform/realtime/realtime';
import type { Membership, MemberStanding } from '../membership';
import type { RoomsService } from '../rooms.service';

/** A user with the facts that calls need. */
export interface MemoryPerson {
  readonly id: string;
  name: string;
  readonly guest: boolean;
  doNotDisturb: boolean;
  /** Ids of the users whom they have blocked. */
  readonly blocked: Set<string>;
}

interface MemoryRoom {
  readonly id: string;
  readonly name: string;
  readonly kind: RoomKind;
  door: Door;
  closed: boolean;
  readonly members: Map<string, { role: Role; doNotDisturb: boolean }>;
}

type RoomsServiceForCalls = Pick<
  RoomsService,
  'requireMember' | 'loadRoomForMember' | 'listRoomIdsOfUser' | 'loadMemberStandings'
>;

/** Rooms, members and doors as calls see them, without a database; it publishes changes as the real services do. */
export class MemoryRooms implements RoomsServiceForCalls {
  private readonly people = new Map<string, MemoryPerson>();
  private readonly rooms = new Map<string, MemoryRoom>();

  constructor(
    private readonly realtime: Realtime,
    private readonly findEventBus: () => EventBus,
  ) {}

  createPerson(name: string, { guest = false }: { guest?: boolean } = {}): MemoryPerson {
    const person = { id: randomUUID(), name, guest, doNotDisturb: false, blocked: new Set<string>() };
    this.people.set(person.id, person);
    return person;
  }

  createMemoryRoom(owner: MemoryPerson, { kind = 'group' }: { kind?: RoomKind } = {}): string {
    const id = randomUUID();
    this.rooms.set(id, { id, name: `Room of ${owner.name}`, kind, door: 'open', closed: false, members: new Map() });
    this.addRoomMember(id, owner, 'owner');
    return id;
  }

  addRoomMember(roomId: string, { id: userId }: MemoryPerson, role: Role = 'member'): void {
    this.requireMemoryRoom(roomId).members.set(userId, { role, doNotDisturb: false });
    this.realtime.subscribeUserToRoom(userId, roomId);
    this.publishRoomEvent('member.joined', { roomId, userId });
  }

  removeRoomMember(roomId: string, { id: userId }: MemoryPerson): void {
    const { members } = this.requireMemoryRoom(roomId);
    members.delete(userId);
    this.realtime.unsubscribeUserFromRoom(userId, roomId);
    this.publishRoomEvent('member.left', { roomId, userId, memberCount: members.size, memberChanges: 1 });
  }

  setMemberRole(roomId: string, { id: userId }: MemoryPerson, role: Role): void {
    Object.assign(this.requireMemoryRoom(roomId).members.get(userId) ?? {}, { role });
    this.publishRoomEvent('member.changed', { roomId, userId });
  }

  setRoomDoor(roomId: string, door: Door): void {
    this.requireMemoryRoom(roomId).door = door;
    this.publishRoomEvent('room.door-changed', { roomId });
  }

  setRoomClosed(roomId: string, closed: boolean): void {
    this.requireMemoryRoom(roomId).closed = closed;
    this.publishRoomEvent('room.closed-changed', { roomId });
  }

  /** Sets the user's own setting for one room. */
  enableDoNotDisturb(roomId: string, { id: userId }: MemoryPerson): void {
    Object.assign(this.requireMemoryRoom(roomId).members.get(userId) ?? {}, { doNotDisturb: true });
  }

  requirePerson(userId: string): MemoryPerson {
    const person = this.people.get(userId);
    if (!person) throw new Error('nobody has this id');
    return person;
  }

  /** The members of a room in the order of joining, each with their own setting for it. */
  listMembersInOrder(roomId: string): (MemoryPerson & { role: Role; quietHere: boolean })[] {
    return [...this.requireMemoryRoom(roomId).members].map(([userId, { role, doNotDisturb }]) => ({
      ...this.requirePerson(userId),
      role,
      quietHere: doNotDisturb,
    }));
  }

  async requireMember({ userId }: Principal, roomId: string, action: RoomAction): Promise<Membership> {
    const room = this.rooms.get(roomId);
    const member = room?.members.get(userId);
    if (!room || !member) throw new AppError('room_not_found');
    const { name, kind, door, closed } = room;
    const { role } = member;
    if (!isRoomActionAllowed({ role, kind, visibility: 'private' }, action)) throw new AppError('forbidden');
    const rest = { visibility: 'private', closed, readSeq: 0, lastSeq: 0, revision: 0 } as const;
    return { roomId, userId, userName: this.requirePerson(userId).name, role, name, kind, door, ...rest };
  }

  async loadRoomForMember(who: Principal, roomId: string): Promise<RoomDto> {
    const { role, name, kind, door } = await this.requireMember(who, roomId, 'room:read');
    const memberCount = this.requireMemoryRoom(roomId).members.size;
    return { id: roomId, role, name, kind, door, memberCount } as RoomDto;
  }

  async listRoomIdsOfUser(userId: string): Promise<string[]> {
    return this.collectRoomIds(userId);
  }

  collectRoomIds(userId: string): string[] {
    return [...this.rooms.values()].filter(({ members }) => members.has(userId)).map(({ id }) => id);
  }

  async loadMemberStandings(
    roomId: string,
    userIds: readonly string[],
  ): Promise<{ door: Door; members: Map<string, MemberStanding> }> {
    const { door, closed, members } = this.requireMemoryRoom(roomId);
    const standings = userIds.flatMap((userId) => {
      const member = closed ? undefined : members.get(userId);
      return member ? [[userId, { role: member.role, name: this.requirePerson(userId).name }] as const] : [];
    });
    return { door: standings.length > 0 ? door : 'locked', members: new Map(standings) };
  }

  private requireMemoryRoom(id: string): MemoryRoom {
    const room = this.rooms.get(id);
    if (!room) throw new Error('no room has this id');
    return room;
  }

  private publishRoomEvent<E extends DomainEventName>(event: E, payload: DomainEvents[E]): void {
    // None of the handlers waits for anything: they are done when this returns.
    void this.findEventBus().publishCommitted(event, payload);
  }
}
