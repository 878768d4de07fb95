import type { RingDto } from '@webcall/contracts';
import { fromOutside, type LiveRing, type Ring, ringOf } from '@webcall/domain';
import type { CallTold, LiveCall, RingRoom } from '../core/live-calls';

/** Which state of which call a ring is shown in. */
type Place = Pick<CallTold, 'roomId' | 'callId' | 'version'>;

/** A ring as one of the room sees it. */
export function ringFor(viewerId: string, ring: LiveRing): Ring {
  const seen = ringOf(ring);
  return [ring.callerId, ring.calleeId].includes(viewerId) ? seen : fromOutside(seen);
}

/** A ring as the devices of both users see it. A direct room has no name of its own: it shows who calls. */
export function ringDto(ring: Ring, { roomId, callId, version }: Place, { name, kind }: RingRoom): RingDto {
  return { ...ring, roomId, roomName: kind === 'direct' ? ring.callerName : name, kind, callId, version };
}

/** Where the rings of a running call are shown. */
export function placeOf({ call, roomName }: LiveCall): [Place, RingRoom] {
  const { roomId, id, version, kind } = call;
  return [
    { roomId, callId: id, version },
    { name: roomName ?? '', kind },
  ];
}
