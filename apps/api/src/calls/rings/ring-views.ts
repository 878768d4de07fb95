import type { RingDto } from '@webcall/contracts';
import { type LiveRing, redactRingForRoom, type Ring, toClientRing } from '@webcall/domain';
import type { LiveCall, LiveCallEvent, RingRoom } from '../core/live-calls';

/** The call and its version that a ring is shown with. */
type RingPlace = Pick<LiveCallEvent, 'roomId' | 'callId' | 'version'>;

/** A ring as a member of its room may see it: only the caller and the callee see all of it. */
export function toVisibleRing(viewerId: string, ring: LiveRing): Ring {
  const clientRing = toClientRing(ring);
  return [ring.callerId, ring.calleeId].includes(viewerId) ? clientRing : redactRingForRoom(clientRing);
}

/** A ring as the devices of both users see it. A direct room has no name of its own, so the caller's name is shown. */
export function toRingDto(ring: Ring, { roomId, callId, version }: RingPlace, { name, kind }: RingRoom): RingDto {
  return { ...ring, roomId, roomName: kind === 'direct' ? ring.callerName : name, kind, callId, version };
}

/** The place and the room to show the rings of a running call with. */
export function ringPlaceOf({ call, roomName }: LiveCall): [RingPlace, RingRoom] {
  const { roomId, id, version, kind } = call;
  return [
    { roomId, callId: id, version },
    { name: roomName ?? '', kind },
  ];
}
