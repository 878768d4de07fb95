import { idKey, idsKey, type LeaseKind } from '../../platform/live/lease-keys';

/** A lease of each seat: in the group of its room, under its participant. */
export const SEAT_LEASES: LeaseKind<string, string> = { name: 'seats', group: idKey, member: idKey };

/** A socket that waits to be let into a call, for the knock of its device. */
export interface KnockingSocket {
  readonly knockId: string;
  readonly socketId: string;
}

/** A lease of each waiting socket: in the group of its room. */
export const KNOCK_LEASES: LeaseKind<string, KnockingSocket> = {
  name: 'knocks',
  group: idKey,
  member: idsKey('knockId', 'socketId'),
};

/** A ring, of which each callee has a deadline. */
export interface RingOfRoom {
  readonly roomId: string;
  readonly ringId: string;
}

/** The deadline of each ring: in the group of its callee. */
export const RING_DEADLINE_LEASES: LeaseKind<string, RingOfRoom> = {
  name: 'rings',
  group: idKey,
  member: idsKey('roomId', 'ringId'),
};

/** A device of a callee that rings. */
export interface RingingDevice extends RingOfRoom {
  readonly calleeId: string;
  readonly sessionId: string;
}

/** A lease of each socket that shows a ring: in the group of its device, under its id. */
export const RINGING_DEVICE_LEASES: LeaseKind<RingingDevice, string> = {
  name: 'ring-devices',
  group: idsKey('roomId', 'ringId', 'calleeId', 'sessionId'),
  member: idKey,
};
