import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { CallDto, MediaUpdateDto } from '@webcall/contracts';
import { type CallState, MEDIA_KINDS, type MediaState, participantOf, type Seat } from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import type { Membership } from '../../rooms/membership';
import { ringFor } from '../rings/ring-views';

/** A call as one of the room sees it. */
export function callDto(call: CallState, viewerId: string): CallDto {
  return {
    callId: call.id,
    roomId: call.roomId,
    version: call.version,
    durationMs: call.talkingSince ? Math.max(0, Date.now() - call.talkingSince) : 0,
    participants: call.seats.map(participantOf),
    rings: call.rings.map((ring) => ringFor(viewerId, ring)),
    knocks: [...call.knocks],
    barred: [...call.barred],
  };
}

/** A new seat for whoever asks. */
export function newSeat(
  who: Principal,
  member: Membership,
  media: MediaUpdateDto | undefined,
  resumeKey: string,
): Seat {
  return {
    id: randomUUID(),
    userId: who.userId,
    name: member.userName,
    role: member.role,
    media: { microphone: false, camera: false, screen: false, screenSound: false, ...mediaOf(media) },
    held: [],
    hand: null,
    connected: true,
    incarnation: 0,
    sessionId: who.sessionId,
    resumeKeyHash: hashOf(resumeKey),
    takenAt: Date.now(),
  };
}

/** What an update says; what it leaves out, or names as null, stays as it is. */
export function mediaOf(update: MediaUpdateDto | undefined): Partial<MediaState> {
  const said = MEDIA_KINDS.map((kind) => [kind, update?.[kind]] as const);
  return Object.fromEntries(said.filter(([, on]) => typeof on === 'boolean'));
}

export function newResumeKey(): string {
  return randomBytes(24).toString('base64url');
}

export function hashOf(resumeKey: string): string {
  return createHash('sha256').update(resumeKey).digest('hex');
}
