import type { CallDto, MediaUpdateDto } from '@webcall/contracts';
import { type CallState, MEDIA_KINDS, type MediaState, type Seat, toClientParticipant } from '@webcall/domain';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Principal } from '../../platform/access/principal';
import type { Membership } from '../../rooms/membership';
import { toVisibleRing } from '../rings/ring-views';

/** A call as a member of its room may see it. */
export function toCallDto(call: CallState, viewerId: string): CallDto {
  return {
    callId: call.id,
    roomId: call.roomId,
    version: call.version,
    durationMs: call.talkingSince ? Math.max(0, Date.now() - call.talkingSince) : 0,
    participants: call.seats.map(toClientParticipant),
    rings: call.rings.map((ring) => toVisibleRing(viewerId, ring)),
    knocks: [...call.knocks],
    barred: [...call.barred],
  };
}

export function createSeat(
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
    media: { microphone: false, camera: false, screen: false, screenSound: false, ...mediaChangesOf(media) },
    held: [],
    hand: null,
    connected: true,
    incarnation: 0,
    sessionId: who.sessionId,
    resumeKeyHash: hashResumeKey(resumeKey),
    takenAt: Date.now(),
  };
}

/** The media that an update changes: kinds that are missing or null in it stay as they are. */
export function mediaChangesOf(update: MediaUpdateDto | undefined): Partial<MediaState> {
  const entries = MEDIA_KINDS.map((kind) => [kind, update?.[kind]] as const);
  return Object.fromEntries(entries.filter(([, on]) => typeof on === 'boolean'));
}

export function createResumeKey(): string {
  return randomBytes(24).toString('base64url');
}

export function hashResumeKey(resumeKey: string): string {
  return createHash('sha256').update(resumeKey).digest('hex');
}
