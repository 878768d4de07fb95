import type { Observable } from 'rxjs';

/** Port that reports which users are in calls; implemented by the calls feature. */
export abstract class CallPresence {
  /** Ids of users who joined or left a call; only one replica emits each of them. */
  abstract readonly changed: Observable<string>;

  /** @returns the ids of rooms in whose calls each user has a seat; users without a seat are left out */
  abstract loadCallRoomIds(userIds: readonly string[]): Promise<Map<string, string[]>>;
}

/** Port through which rooms learn about their calls without depending on the calls feature. */
export abstract class RoomCalls {
  /** @returns the number of participants by room id; rooms without a call are left out */
  abstract countParticipantsByRoom(roomIds: readonly string[]): Promise<Map<string, number>>;

  /** @returns whether the user was removed from the room's running call and not readmitted */
  abstract isBarredFromCall(roomId: string, userId: string): Promise<boolean>;
}

/** Port through which sockets learn about memberships; implemented by the rooms feature. */
export abstract class RoomMemberships {
  /** @returns the ids of the rooms of each user; users without a room are left out */
  abstract loadRoomIdsByUser(userIds: readonly string[]): Promise<Map<string, string[]>>;
}
