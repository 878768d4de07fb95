/** What rooms have to know of their calls, without knowing calls. */
export abstract class RoomCalls {
  /** @returns the number of participants by room id; rooms without a call are left out */
  abstract callSizes(roomIds: readonly string[]): Promise<Map<string, number>>;

  /** @returns whether the user was taken out of the room's running call and not let back in */
  abstract isBarred(roomId: string, userId: string): Promise<boolean>;
}
