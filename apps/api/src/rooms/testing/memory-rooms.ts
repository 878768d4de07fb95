import { randomUUID } from 'node:crypto';
import type { RoomDto } from '@webcall/contracts';
import { type Door, isActionOf, may, type Role, type RoomAction, type RoomKind } from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import type { Realtime } from '../../platform/realtime/realtime';
import type { Membership, Standing } from '../membership';
import type { RoomEvent, RoomEvents } from '../room-events';
import type { RoomsService } from '../rooms.service';

/** A user as far as calls know them. */
export interface Person {
  readonly id: string;
  name: string;
  readonly guest: boolean;
  doNotDisturb: boolean;
  /** Whom they have blocked, by id. */
  readonly blocked: Set<string>;
}

interface MemoryRoom {
  readonly id: string;
  readonly name: string;
  readonly kind: RoomKind;
  door: Door;
  readonly members: Map<string, { role: Role; doNotDisturb: boolean }>;
}

type UsedByCalls = Pick<RoomsService, 'requireMember' | 'roomFor' | 'roomIds' | 'standingOf'>;

/** Rooms, their members and doors as calls see them, without a database; each change is told as the service tells it. */
export class MemoryRooms implements UsedByCalls {
  private readonly people = new Map<string, Person>();
  private readonly rooms = new Map<string, MemoryRoom>();

  constructor(
    private readonly realtime: Realtime,
    private readonly events: RoomEvents,
  ) {}

  newPerson(name: string, { guest = false }: { guest?: boolean } = {}): Person {
    const person = { id: randomUUID(), name, guest, doNotDisturb: false, blocked: new Set<string>() };
    this.people.set(person.id, person);
    return person;
  }

  newRoom(owner: Person, { kind = 'group' }: { kind?: RoomKind } = {}): string {
    const id = randomUUID();
    this.rooms.set(id, { id, name: `Room of ${owner.name}`, kind, door: 'open', members: new Map() });
    this.bringIn(id, owner, 'owner');
    return id;
  }

  bringIn(roomId: string, { id: userId }: Person, role: Role = 'member'): void {
    this.room(roomId).members.set(userId, { role, doNotDisturb: false });
    this.realtime.userJoinedRoom(userId, roomId);
    this.tell({ type: 'member_joined', roomId, userId });
  }

  takeOut(roomId: string, { id: userId }: Person): void {
    this.room(roomId).members.delete(userId);
    this.realtime.userLeftRoom(userId, roomId);
    this.tell({ type: 'member_left', roomId, userId });
  }

  setRole(roomId: string, { id: userId }: Person, role: Role): void {
    Object.assign(this.room(roomId).members.get(userId) ?? {}, { role });
    this.tell({ type: 'member_changed', roomId, userId });
  }

  setDoor(roomId: string, door: Door): void {
    this.room(roomId).door = door;
    this.tell({ type: 'door_changed', roomId, door });
  }

  /** As the user's own setting for one room. */
  keepQuiet(roomId: string, { id: userId }: Person): void {
    Object.assign(this.room(roomId).members.get(userId) ?? {}, { doNotDisturb: true });
  }

  person(userId: string): Person {
    const person = this.people.get(userId);
    if (!person) throw new Error('nobody has this id');
    return person;
  }

  /** Those in a room in the order in which they came, with their own setting for it. */
  membersOf(roomId: string): (Person & { role: Role; quietHere: boolean })[] {
    return [...this.room(roomId).members].map(([userId, { role, doNotDisturb }]) => ({
      ...this.person(userId),
      role,
      quietHere: doNotDisturb,
    }));
  }

  async requireMember({ userId }: Principal, roomId: string, action: RoomAction): Promise<Membership> {
    const room = this.rooms.get(roomId);
    const member = room?.members.get(userId);
    if (!room || !member) throw new AppError('room_not_found');
    if (!may(member.role, action) || !isActionOf(room.kind, action)) throw new AppError('forbidden');
    const { name, kind, door } = room;
    const { role } = member;
    const rest = { visibility: 'private', closed: false, readSeq: 0, lastSeq: 0, revision: 0 } as const;
    return { roomId, userId, userName: this.person(userId).name, role, name, kind, door, ...rest };
  }

  async roomFor(who: Principal, roomId: string): Promise<RoomDto> {
    const { role, name, kind, door } = await this.requireMember(who, roomId, 'room:read');
    const memberCount = this.room(roomId).members.size;
    return { id: roomId, role, name, kind, door, memberCount } as RoomDto;
  }

  async roomIds(userId: string): Promise<string[]> {
    return this.idsOf(userId);
  }

  idsOf(userId: string): string[] {
    return [...this.rooms.values()].filter(({ members }) => members.has(userId)).map(({ id }) => id);
  }

  async standingOf(
    roomId: string,
    userIds: readonly string[],
  ): Promise<{ door: Door; members: Map<string, Standing> }> {
    const { door, members } = this.room(roomId);
    const standing = userIds.flatMap((userId) => {
      const member = members.get(userId);
      return member ? [[userId, { role: member.role, name: this.person(userId).name }] as const] : [];
    });
    return { door: standing.length > 0 ? door : 'locked', members: new Map(standing) };
  }

  private room(id: string): MemoryRoom {
    const room = this.rooms.get(id);
    if (!room) throw new Error('no room has this id');
    return room;
  }

  private tell(event: RoomEvent): void {
    this.events.all.next(event);
  }
}
