/** The most live devices of the members of an encrypted room: each of them is a leaf of its group. */
export const ENCRYPTED_ROOM_CAPACITY = 200;

/** The most answers to one key request: the first ones give all that there is, unless somebody wants to be in the way. */
export const MOST_KEY_ANSWERS = 5;

/** The most of them by devices of one user, who would otherwise take the places of all others. */
export const MOST_KEY_ANSWERS_OF_USER = 2;

/** An epoch of the group of a room: which group of it, and how many commits that has had. */
export interface GroupEpoch {
  readonly generation: number;
  readonly epoch: number;
}

/** What a room says about the messages that it takes. */
export interface RoomSealing extends GroupEpoch {
  /** The number of the first message that must be sealed; null if the room takes plain ones. */
  readonly encryptedFrom: number | null;
  /** Whether somebody may be in the group who is out of the room. */
  readonly isRekeyDue: boolean;
}

/** Why a room does not take a message as it was sent. */
export type SealingRefusal = 'room_encrypted' | 'room_not_encrypted' | 'epoch_past' | 'room_rekeying';

/**
 * The statement that stores messages has the same rule; this one has the reason.
 * @param sealedIn the epoch in which a message was sealed; null for a plain one
 * @returns why the room does not take it; null if it does
 */
export function refuseSealing(room: RoomSealing, sealedIn: GroupEpoch | null): SealingRefusal | null {
  if (!sealedIn) return room.encryptedFrom === null ? null : 'room_encrypted';
  if (room.encryptedFrom === null) return 'room_not_encrypted';
  if (sealedIn.generation !== room.generation || sealedIn.epoch !== room.epoch) return 'epoch_past';
  return room.isRekeyDue ? 'room_rekeying' : null;
}
